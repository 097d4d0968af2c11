-- The TV-shopping hotline. The number that was dialled decides the business (center.toml): its greeting, its queue.
--   blacklisted         -> "the system is busy"
--   outside of the hours -> "we will call you back"
--   ordered before      -> the agent of the last order for some seconds, then ahead of strangers
--   VIP                 -> then the VIP group if somebody there is idle, otherwise ahead of the others in the business's queue
--   everybody else      -> the business's queue; who waits may press 1, hang up and keep his place
--   nobody free in time -> "your number has been noted, we will call you back"
-- Every function used here is explained in docs/IVR.md.
-- SPDX-License-Identifier: GPL-2.0-or-later
local customer = include("lib/customer.lua")
local menu = include("lib/menu.lua")
local callback = include("lib/callback.lua")

local business = call.settings.business
local welcome = {kitchen = "welcome_kitchen", jewelry = "welcome_jewelry", health = "welcome_health", service = "welcome_service"}
local priority = {vip = 10, returning = 5, other = 0}

local who = customer.find(call.calling)

if who.blacklisted then
  answer()
  lost("blacklist", who.blacklisted)
  customer.count_blacklist_hit(call.calling)
  play("system_busy")
  hangup()
end

if who.language == "en" then lang = "en" end

if not is_open() then
  answer()
  lost("closed", holiday() or "outside of the hours", {callback = true})
  play{"closed", "will_call_back"}
  hangup()
end

customer.show(who)
answer()

-- The greeting. Keys: 2 order status, 3 points, all others – and no key at all – an agent. Only the service line reads out a menu:
-- who calls an order line during a show wants to order.
local key
if business == "service" then
  key = play({"welcome_service", "menu"}, {barge_in = true}) or collect{max = 1, first_timeout_s = 2}
else
  key = play(welcome[business] or "welcome", {barge_in = true})
end

if key == "2" and menu.order_status(who) then
  served("order status told")
  play("goodbye")
  hangup()
elseif key == "3" and who.id and menu.points(who) then
  served("points told")
  play("goodbye")
  hangup()
end

-- An agent. queue() comes back when the talk is over, or when nobody took the call.
local vip, own_queue = who.level == "gold", call.settings.queue
local class = vip and priority.vip or who.last_agent and priority.returning or priority.other
local result = "timeout"
if who.last_agent then result = queue(own_queue, {priority = class, agent = who.last_agent, agent_wait_s = 4, only_agent = true}) end
if vip and result ~= "answered" then result = queue("vip", {only_if_idle = true, priority = class, timeout_s = 10}) end
if result ~= "answered" then result = callback.queue(own_queue, {priority = class}) end

local sorry = {timeout = "all_busy_will_call_back", full = {"queue_full", "will_call_back"}, closed = {"closed", "will_call_back"}, empty = {"queue_empty", "will_call_back"}}
if result ~= "answered" then
  lost(result, "no agent in " .. own_queue, {callback = true})
  play(sorry[result])
end
hangup()
