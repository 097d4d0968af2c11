-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
local rows, why = sql("SELECT m.level, m.points FROM member m JOIN customer c ON c.id = m.customer WHERE c.phone = ?", call.calling)
if not rows then
  log("no answer from the database:", why)
elseif rows[1] then
  play{"member_level", "level_" .. rows[1].level, "your_points", say.number(rows[1].points), "points"}
end
local written = sql("UPDATE blacklist SET hits = hits + 1, last_hit = ? WHERE phone = ?", clock().unix, call.calling)
if written and written.changed == 1 then log("he is on the blacklist") end
