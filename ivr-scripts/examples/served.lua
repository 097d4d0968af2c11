-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
play{"your_points", say.number(1200), "points"}
served("points told")
play("goodbye")
hangup()
