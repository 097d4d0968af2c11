-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
if not is_open() then
  log("closed", holiday() or "outside of the hours")
  lost("closed", holiday() or "outside of the hours", {callback = true})
  play{"closed", "will_call_back"}
  hangup()
end
queue("orders")
