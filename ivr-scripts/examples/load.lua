-- SPDX-License-Identifier: GPL-2.0-or-later
local wait = expected_wait("orders")
if spot() and (trunks_free("city") < 10 or (wait and wait > 120)) then
  lost("captured", "too many at once", {callback = true})
  hangup(17)
end
answer()
if agents_staffed("orders") == 0 or oldest_wait("orders") > 60 then play("all_busy_please_wait") end
queue("orders")
