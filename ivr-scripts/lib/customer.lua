-- What the business knows about a caller. One question to the database per call.
-- SPDX-License-Identifier: GPL-2.0-or-later
local customer = {}

-- → a table, also for a stranger: id, name, language, level, points, last_order, last_agent, blacklisted (the reason); each may be nil.
function customer.find(phone)
  local rows, why = sql([[
    SELECT c.id, c.name, c.language, m.level, m.points, o.id AS last_order, o.agent AS last_agent, b.reason AS blacklisted
    FROM (SELECT ?1 AS phone) p
    LEFT JOIN customer c ON c.phone = p.phone
    LEFT JOIN member m ON m.customer = c.id
    LEFT JOIN orders o ON o.id = (SELECT max(id) FROM orders WHERE customer = c.id)
    LEFT JOIN blacklist b ON b.phone = p.phone AND (b.expires IS NULL OR b.expires > ?2)]], phone, clock().unix)
  if not rows then
    log("no customer data:", why)     -- the caller is served like a stranger
    return {}
  end
  return rows[1]
end

-- The agent sees it before he lifts the handset.
function customer.show(who)
  if not who.id then return end
  call:set("customer", ("C%d %s"):format(who.id, who.name))
  if who.level then call:set("level", who.level) end
  if who.last_order then call:set("last_order", who.last_order) end
end

function customer.count_blacklist_hit(phone)
  local done, why = sql("UPDATE blacklist SET hits = hits + 1, last_hit = ? WHERE phone = ?", clock().unix, phone)
  if not done then log("blacklist hit not counted:", why) end
end

return customer
