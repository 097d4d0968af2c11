-- What the callers and agents of these scenarios know of the center in ivr-scripts/center.toml and ivr-scripts/data/business.sql.
-- SPDX-License-Identifier: GPL-2.0-or-later
local center = {}

center.numbers = { "4006001", "4006002", "4006003" }
center.service = "4006003"        -- reads out a menu: 2 tells the status of the last order

local function block(prefix, from, to)
  local out = {}
  for i = from, to do out[#out + 1] = ("%s%08d"):format(prefix, i) end
  return out
end
center.vip = block("139", 1, 10)
center.returning = block("137", 1, 10)
center.blacklist = block("136", 1, 4)
center.customers = block("138", 1, 170)

-- The order of a returning customer, as he keys it in.
function center.order_of(number)
  local i = tonumber(number:match("^1370*(%d+)$"))
  return i and tostring(600055 + i) or "600001"
end

function center.agent_id(index) return ("%d"):format(2000 + index) end
function center.agent_pin(index) return ("%d"):format(7000 + index) end

-- *11 logs in, *13 makes ready. Each code is a call of its own: off-hook, dial tone, digits, a short tone, on-hook.
local function code(a, digits)
  if not a:off_hook() then return false end
  a:wait(0.15)
  local pressed = a:press(digits)
  if pressed then a:wait(0.4) end
  a:on_hook()
  return pressed
end

-- A line may fail in the middle of it: then once more.
local function insist(a, digits)
  for _ = 1, 5 do
    if a:state() == "ringing" then return false end   -- picking up would answer the ring
    if code(a, digits) then return true end
    a:wait(a:between(0.5, 1.5))
  end
  return false
end

function center.login(a)
  local id = center.agent_id(a:index())
  if not insist(a, "*11" .. id .. center.agent_pin(a:index())) then return false end
  a:wait(0.2)
  return insist(a, "*13")
end
function center.ready(a) return insist(a, "*13") end
function center.logout(a) return code(a, "*12") end

-- A caller's number that nobody else uses: mobile numbers of 11 digits.
function center.fresh_number(c) return ("15%d%08d"):format(c:random(0, 9), c:random(0, 99999999)) end

-- The number on air: most dial the first ones.
function center.number(c)
  local x = c:random()
  return x < 0.45 and center.numbers[1] or x < 0.8 and center.numbers[2] or center.numbers[3]
end

return center
