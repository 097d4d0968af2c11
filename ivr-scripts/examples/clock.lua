-- SPDX-License-Identifier: GPL-2.0-or-later
local now = clock()
answer()
if now.hour < 8 or now.hour >= 22 or now.weekday == 7 then
  play("closed")
  lost("closed", "outside of business hours", {callback = true})
  hangup()
end
queue("orders")
