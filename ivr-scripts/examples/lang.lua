-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
if play("language", {barge_in = true}) == "2" then lang = "en" end
play{"welcome", "en/thank_you", say.number(3)}
