-- SPDX-License-Identifier: GPL-2.0-or-later
if call.calling == "" then hangup(21) end  -- rejected before it was answered: nobody pays
answer()
play("closed")
hangup()
