-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
play{"your_points", say.number(1002), "points"}
play{"amount_due", say.money("128.50")}
play{"shipped_on", say.date("2026-03-01"), say.time("14:30")}
play{"you_entered", say.digits("13800000001", "en")}
