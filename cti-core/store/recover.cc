// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/recover.h"

#include <algorithm>

#include "cti-core/store/schema.h"
#include "cti-core/store/tallies.h"

namespace sr::store {
namespace {

constexpr const char* kOpenCalls =
    "select c.call, c.direction = 'out', c.span, c.channel, c.calling, c.called, c.number, case when c.in_queue > 0 then c.queue else '' end, "
    "case when c.with_agent > 0 then c.agent else '' end, c.priority, exists(select 1 from answered a where a.call = c.call), "
    "exists(select 1 from served s where s.call = c.call) or exists(select 1 from lost l where l.call = c.call), c.begun_at, c.queued_at, "
    "coalesce(r.file, ''), c.with_agent = 3, coalesce(w.position, 0), coalesce((select seconds from wait_announced where call = c.call and end = '' and seconds > 0 order by seq desc limit 1), 0) "
    "from call c left join recording r on r.file = c.recording and r.ended_at is null "
    "left join wait_announced w on w.seq = (select max(seq) from wait_announced where call = c.call and end = '') where c.ended_at is null order by c.call";

Status read_calls(Database& database, std::vector<RecoveredCall>& out) {
  auto calls = Statement::prepare(database, kOpenCalls);
  if (!calls) return std::unexpected(calls.error());
  auto data = Statement::prepare(database, "select key, value from call_data where call = ?1");
  if (!data) return std::unexpected(data.error());
  while (calls->next()) {
    RecoveredCall& call = out.emplace_back();
    int column = 0;
    call.call = CallId{static_cast<std::uint64_t>(calls->integer(column++))};
    call.outgoing = calls->integer(column++) != 0;
    call.span = calls->text(column++);
    call.channel = static_cast<int>(calls->integer(column++));
    call.calling = calls->text(column++);
    call.called = calls->text(column++);
    call.number = calls->text(column++);
    call.queue = calls->text(column++);
    call.agent = calls->text(column++);
    call.priority = static_cast<int>(calls->integer(column++));
    call.answered_by_agent = calls->integer(column++) != 0;
    call.outcome_booked = calls->integer(column++) != 0 || call.answered_by_agent;
    call.offered_at = calls->time(column++);
    call.queued_at = calls->time(column++);
    call.recording = calls->text(column++);
    call.held = calls->integer(column++) != 0;
    call.told_position = static_cast<int>(calls->integer(column++));
    call.told_seconds = static_cast<int>(calls->integer(column++));
    data->bind(to_number(call.call));
    while (data->next()) call.data[data->text(0)] = data->text(1);
  }
  if (calls->failed() || data->failed()) return database.error("open calls");
  return {};
}

Status read_agents(Database& database, std::vector<RecoveredAgent>& out) {
  auto agents = Statement::prepare(database, "select agent, device, state, reason, call, since, last_call_end, coalesce(logged_on_at, 0) from agent order by agent");
  if (!agents) return std::unexpected(agents.error());
  while (agents->next())
    out.push_back({.agent = agents->text(0), .device = agents->text(1), .state = agents->text(2), .reason = agents->text(3), .call = CallId{static_cast<std::uint64_t>(agents->integer(4))},
                   .since = agents->time(5), .last_call_end = agents->time(6), .logged_on_at = agents->time(7)});
  if (agents->failed()) return database.error("agents");
  return read_tallies(database, out);
}

Status read_callbacks(Database& database, std::vector<RecoveredCallback>& out) {
  auto rows = Statement::prepare(database, "select callback, last_call, customer, kind, number, queue, spot, due, opened_at, last_at, calls from callback where closed_at is null order by callback");
  if (!rows) return std::unexpected(rows.error());
  while (rows->next()) {
    out.push_back({CallId{static_cast<std::uint64_t>(rows->integer(0))}, CallId{static_cast<std::uint64_t>(rows->integer(1))}, rows->text(2), rows->text(3), rows->text(4),
                   rows->text(5), rows->text(6), std::nullopt, rows->time(8), rows->time(9), static_cast<std::uint32_t>(rows->integer(10))});
    if (!rows->is_null(7)) out.back().due = rows->time(7);
  }
  if (rows->failed()) return database.error("callbacks");
  return {};
}

Status read_places(Database& database, std::vector<RecoveredPlace>& out) {
  auto places = Statement::prepare(database, "select p.call, p.callback, p.queue, p.number, coalesce(nullif(c.number, ''), c.called, ''), p.priority, p.tries, p.since "
                                             "from place p left join call c on c.call = p.call where p.closed_at is null order by p.call");
  if (!places) return std::unexpected(places.error());
  auto data = Statement::prepare(database, "select key, value from call_data where call = ?1");
  if (!data) return std::unexpected(data.error());
  while (places->next()) {
    RecoveredPlace& place = out.emplace_back(RecoveredPlace{CallId{static_cast<std::uint64_t>(places->integer(0))}, CallId{static_cast<std::uint64_t>(places->integer(1))},
                                                            places->text(2), places->text(3), places->text(4), static_cast<int>(places->integer(5)),
                                                            static_cast<int>(places->integer(6)), places->time(7), {}});
    data->bind(to_number(place.call));
    while (data->next()) place.data[data->text(0)] = data->text(1);
  }
  if (places->failed() || data->failed()) return database.error("open places");
  return {};
}

Status read_assignments(Database& database, Assignments& out) {
  auto skills = Statement::prepare(database, "select agent, skill, level from agent_skill");
  if (!skills) return std::unexpected(skills.error());
  while (skills->next()) out.skills.push_back({skills->text(0), skills->text(1), static_cast<int>(skills->integer(2))});
  auto members = Statement::prepare(database, "select queue, agent, member from queue_member");
  if (!members) return std::unexpected(members.error());
  while (members->next()) out.members.push_back({members->text(0), members->text(1), members->integer(2) != 0});
  if (skills->failed() || members->failed()) return database.error("assignments");
  return {};
}

Status read_cursors(Database& database, std::map<std::uint64_t, std::uint64_t>& out) {
  auto cursors = Statement::prepare(database, "select epoch, seq from board_cursor");
  if (!cursors) return std::unexpected(cursors.error());
  while (cursors->next()) out[static_cast<std::uint64_t>(cursors->integer(0))] = static_cast<std::uint64_t>(cursors->integer(1));
  if (cursors->failed()) return database.error("board cursors");
  return {};
}

Result<std::uint64_t> number(Database& database, std::string_view sql) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return std::unexpected(statement.error());
  if (!statement->next()) return std::unexpected(database.error(sql).error());
  return static_cast<std::uint64_t>(statement->integer(0));
}

// The first start of a journal begins at 1; every other one leaves a gap after whatever may have been used.
std::uint64_t after_gap(std::uint64_t last, std::uint64_t floor, bool first_start) {
  return first_start ? 1 : std::max(last, floor) + kSeqGap;
}

Status read_numbers(Database& database, Recovered& out) {
  const auto epoch = number(database, "select value from meta where name = 'journal_epoch'");
  const auto incarnation = number(database, "select value from meta where name = 'incarnation'");
  const auto seq = number(database, "select coalesce(max(seq), 0) from event");
  const auto call = number(database, "select coalesce(max(call), 0) from call");
  const auto last_at = number(database, "select coalesce((select at from event order by seq desc limit 1), 0)");
  const auto seq_floor = number(database, "select value from meta where name = 'seq_floor'");
  const auto call_floor = number(database, "select value from meta where name = 'call_floor'");
  for (const auto* one : {&epoch, &incarnation, &seq, &call, &last_at, &seq_floor, &call_floor})
    if (!*one) return std::unexpected(one->error());
  const bool first_start = *incarnation == 0 && *seq == 0;
  out.journal_epoch = *epoch;
  out.last_at = from_us(static_cast<std::int64_t>(*last_at));
  out.incarnation = *incarnation + 1;
  out.next_seq = after_gap(*seq, *seq_floor, first_start);
  out.next_call = CallId{after_gap(*call, *call_floor, first_start)};
  return {};
}

Status keep_numbers(Database& database, const Recovered& now) {
  if (auto ok = set_meta(database, "incarnation", static_cast<std::int64_t>(now.incarnation)); !ok) return ok;
  if (auto ok = set_meta(database, "seq_floor", static_cast<std::int64_t>(now.next_seq)); !ok) return ok;
  return set_meta(database, "call_floor", static_cast<std::int64_t>(to_number(now.next_call)));
}

}  // namespace

Result<Recovered> recover(Database& database) {
  Recovered out;
  if (auto ok = database.exec("begin immediate"); !ok) return std::unexpected(ok.error());
  Status ok = read_numbers(database, out);
  if (ok) ok = keep_numbers(database, out);
  if (ok) ok = read_cursors(database, out.board_cursors);
  if (ok) ok = read_calls(database, out.calls);
  if (ok) ok = read_agents(database, out.agents);
  if (ok) ok = read_places(database, out.places);
  if (ok) ok = read_assignments(database, out.assignments);
  if (ok) ok = read_callbacks(database, out.callbacks);
  if (ok) ok = database.exec("commit");
  if (ok) return out;
  (void)database.exec("rollback");
  return std::unexpected(ok.error());
}

Result<Recovered> recover(const std::string& path) {
  auto database = Database::open(path, false);
  if (!database) return std::unexpected(database.error());
  Status ok = migrate(*database);
  if (!ok) {
    ok.error().where = path;
    return std::unexpected(ok.error());
  }
  return recover(*database);
}

}  // namespace sr::store
