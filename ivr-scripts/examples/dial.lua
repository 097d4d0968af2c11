-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
play("please_wait_agent")
local result = dial("01066668888", {timeout_s = 20, calling = "4006001"})
if result ~= "answered" then
  log("branch office:", result)
  queue("service")
end
