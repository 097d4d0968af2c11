-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
local date = call:get("delivery") or "soon"
local ok, prompts = pcall(say.date, date)
if ok then play(prompts) else log(prompts) end
queue("orders")
