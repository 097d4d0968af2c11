-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
local result = queue("vip", {only_if_idle = true})
if result == "timeout" then
  result = queue("orders", {priority = 10, timeout_s = 45, agent = "2001", agent_wait_s = 5})
end
if result ~= "answered" then play("all_busy_please_wait") end
