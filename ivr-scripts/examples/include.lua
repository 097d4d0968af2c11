-- SPDX-License-Identifier: GPL-2.0-or-later
local customer = include("lib/customer.lua")
local who = customer.find(call.calling)
answer()
if who.name then play("welcome_back") end
queue("orders")
