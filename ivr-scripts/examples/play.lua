-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
play("recorded")                                        -- to its end, keys do not matter
local key = play({"welcome", "menu"}, {barge_in = true})  -- stops at the first key
if key == "0" then queue("orders") end
