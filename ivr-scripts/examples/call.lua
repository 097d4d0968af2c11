-- SPDX-License-Identifier: GPL-2.0-or-later
call:set("campaign", "spring")
log(call.calling, "dialled", call.called, "for", call.settings.business)
answer()
if call:get("campaign") == "spring" then play("promotion") end
queue(call.settings.queue)
