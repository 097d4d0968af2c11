-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
if agents_idle("orders") == 0 then
  play{"position", say.number(calls_waiting("orders")), "callers_waiting"}
end
queue("orders")
