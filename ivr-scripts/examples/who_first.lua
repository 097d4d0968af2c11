local customer = include("lib/customer.lua")
local who = customer.find(call.calling)
customer.show(who)
answer()
local vip = who.level == "gold"
local priority = vip and 10 or who.last_agent and 5 or 0
local result = "timeout"
if who.last_agent then  -- 1. the agent of his last order, and nobody else, for at most 8 seconds
  result = queue("orders", {agent = who.last_agent, agent_wait_s = 8, only_agent = true, priority = priority})
end
if result ~= "answered" and vip then  -- 2. a VIP: his group, if somebody there is idle
  result = queue("vip", {only_if_idle = true, priority = priority})
end
if result ~= "answered" then  -- 3. anybody, ahead of those of a lower class
  result = queue("orders", {priority = priority})
end
