-- What a caller can do without an agent: hear the state of an order, or his points.
-- SPDX-License-Identifier: GPL-2.0-or-later
local menu = {}

-- The caller keys in the number of his order; three tries. True: he has been told.
function menu.order_status(who)
  for _ = 1, 3 do
    local number, why = collect{min = 4, max = 9, prompts = "enter_order", first_timeout_s = 6}
    if not number then
      play(why == "none" and "no_input" or "wrong_key")
    else
      local rows = sql([[SELECT o.status, o.shipped, o.amount FROM orders o JOIN customer c ON c.id = o.customer
                         WHERE o.id = ? AND c.phone = ?]], tonumber(number), call.calling)
      if rows and rows[1] then
        local order = rows[1]
        local text = {"order_number", say.digits(number), "order_status", "status_" .. order.status}
        if order.shipped then
          text[#text + 1] = "shipped_on"
          text[#text + 1] = say.date(order.shipped)
        end
        if order.status == "new" then
          text[#text + 1] = "amount_due"
          text[#text + 1] = say.money(order.amount / 100)
        end
        play(text, {barge_in = true})
        return true
      end
      play("order_not_found")
    end
  end
  return false
end

function menu.points(who)
  play({"member_level", "level_" .. (who.level or "normal"), "your_points", say.number(who.points or 0), "points"}, {barge_in = true})
  return true
end

return menu
