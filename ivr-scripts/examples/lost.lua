-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
local result = queue("orders", {timeout_s = 30})
if result ~= "answered" then
  lost(result, "nobody free", {callback = true})
  play("all_busy_will_call_back")
end
