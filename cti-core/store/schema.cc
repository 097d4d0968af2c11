// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/schema.h"

#include <array>

namespace sr::store {
namespace {

// A commit touches a dozen pages and little in each: what it copies, sums up and writes grows with their size. Small ones make a
// call a fifth cheaper; a row of the journal that is longer than one is rare. A journal keeps the size that it was made with.
constexpr const char* kPageSize = "pragma page_size=1024";
constexpr int kApplicationId = 0x53575243;  // "SWRC": `file` and check_schema() know the journal by it

// Step 1. The terms of the books are rows of their own: offered, answered, served, lost, in_progress. Each repeats the time at
// which the call was offered, so that every term of an interval is counted in its own table alone; `lost` and the others never
// borrow a row from each other, which is what lets the books find a mistake. They are thin and have no index of their own: a
// commit costs by the pages it touches, and the books of a year are one scan.
constexpr const char* kStep1 = R"sql(
create table meta(name text primary key, value integer not null) without rowid;
insert into meta values('journal_epoch', (random() & 0xfffffffffffff) | 1), ('incarnation', 0), ('seq_floor', 0), ('call_floor', 0);
create table board_cursor(epoch integer primary key, seq integer not null);

create table event(seq integer primary key, at integer not null, type text not null, call integer, body text not null);

create table call(call integer primary key, direction text not null, span text not null default '', channel integer not null default 0,
  crv integer not null default 0, calling text not null default '', called text not null default '', number text not null default '',
  begun_at integer not null, script_at integer, queue text not null default '', priority integer not null default 0, queued_at integer,
  in_queue integer not null default 0, delivered_at integer, agent text not null default '', device text not null default '',
  with_agent integer not null default 0, customer text not null default '', last_order text not null default '', answered_at integer,
  ended_at integer, cause text not null default '', q850 integer not null default 0, released_by text not null default '',
  recording text not null default '');
create index call_open on call(call) where ended_at is null;
create table call_data(call integer not null, key text not null, value text not null, primary key(call, key)) without rowid;

create table offered(call integer primary key, offered_at integer not null, span text not null, channel integer not null, crv integer not null,
  calling text not null, called text not null, number text not null);
create table answered(call integer primary key, offered_at integer not null, at integer not null, agent text not null, device text not null);
create table served(call integer primary key, offered_at integer not null, at integer not null, reason text not null);
create table lost(call integer primary key, offered_at integer not null, at integer not null, stage text not null, reason text not null,
  callback integer not null, calling text not null, called text not null, number text not null, queue text not null, agent text not null);
create table in_progress(call integer primary key, offered_at integer not null);

create table outgoing(call integer primary key, begun_at integer not null, initiated_device text not null default '', calling text not null default '',
  called text not null default '', agent text not null default '', cause text not null default '', q850 integer not null default 0,
  originated_at integer, answered_at integer, ended_at integer, outcome text not null default 'in_progress');

create table agent(agent text primary key, device text not null, state text not null, reason text not null, call integer not null, since integer not null,
  logged_on_at integer, last_call_end integer not null default 0) without rowid;
create table agent_state(seq integer primary key, at integer not null, agent text not null, device text not null, state text not null,
  reason text not null, call integer not null);

create table recording(file text primary key, call integer not null, started_at integer not null, ended_at integer, duration_ms integer not null default 0,
  end text not null default '') without rowid;
create table trunk_busy(seq integer primary key, span text not null, since integer not null, lasted integer not null);
create table alarm(seq integer primary key, at integer not null, span text not null, alarm text not null, raised integer not null);
create table board_alone(seq integer primary key, at integer not null, call integer not null, act text not null);
create table system_start(seq integer primary key, at integer not null, incarnation integer not null);
create table board_link(seq integer primary key, at integer not null, board_epoch integer not null, up integer not null);
)sql";

// Step 2. Callbacks: at most one open task per customer, and each lost call stands in one task (callback_call). The trunk group of
// a call, and the TV spot that it is counted to; a time with all trunks busy of a whole group.
constexpr const char* kStep2 = R"sql(
create table callback(callback integer primary key, customer text not null, kind text not null, number text not null, queue text not null, spot text not null,
  due integer, opened_at integer not null, calls integer not null, last_call integer not null, last_at integer not null, closed_at integer,
  outcome text not null default '', closed_by integer not null default 0);
create unique index callback_open on callback(customer) where closed_at is null;
create table callback_call(call integer primary key, callback integer not null);
alter table offered add column trunk_group text not null default '';
alter table offered add column spot text not null default '';
alter table trunk_busy add column trunk_group text not null default '';
alter table trunk_busy add column channels integer not null default 0;
)sql";

// Step 3. What waiting callers were told (seconds: 0 for no wait), and how long they then waited in truth. end: '' while they wait, answered, left.
constexpr const char* kStep3 = R"sql(
create table wait_announced(seq integer primary key, at integer not null, call integer not null, queue text not null, position integer not null,
  seconds integer not null, estimate_ms integer not null, actual_ms integer, end text not null default '');
create index wait_announced_open on wait_announced(call) where end = '';
)sql";

// Step 4. What supervisors did: the audit log only grows. What they changed beside the configuration file: the last word on each.
constexpr const char* kStep4 = R"sql(
create table audit(seq integer primary key, at integer not null, who text not null, origin text not null, act text not null, agent text not null,
  call integer not null, detail text not null, done integer not null, why text not null);
create trigger audit_stays before update on audit begin select raise(abort, 'the audit log is not changed'); end;
create trigger audit_remains before delete on audit begin select raise(abort, 'nothing is taken out of the audit log'); end;
create table agent_skill(agent text not null, skill text not null, level integer not null, primary key(agent, skill)) without rowid;
create table queue_member(queue text not null, agent text not null, member integer not null, primary key(queue, agent)) without rowid;
)sql";

// Step 5. Places that callers keep who left their number; closed_at: the place is over.
constexpr const char* kStep5 = R"sql(
create table place(call integer primary key, queue text not null, number text not null, priority integer not null, since integer not null, kept_at integer not null,
  tries integer not null default 0, callback integer not null default 0, closed_at integer, outcome text not null default '');
create index place_open on place(call) where closed_at is null;
)sql";

constexpr std::array kSteps = {kStep1, kStep2, kStep3, kStep4, kStep5};
static_assert(kSteps.size() == kSchemaVersion);

Result<std::int64_t> number(Database& database, std::string_view sql) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return std::unexpected(statement.error());
  if (!statement->next()) return fail("journal: no answer to " + std::string(sql));
  return statement->integer(0);
}

Result<std::int64_t> version_of_ours(Database& database) {
  const auto version = number(database, "pragma user_version");
  if (!version) return version;
  const auto id = number(database, "pragma application_id");
  if (!id) return id;
  if (*version > 0 && *id != kApplicationId) return fail("this file is not a journal of Switchroom", {}, "name another file");
  if (*version > kSchemaVersion)
    return fail("this journal was written by a newer program (version " + std::to_string(*version) + ")", {}, "start that program, or name another file");
  return version;
}

}  // namespace

Status migrate(Database& database) {
  const auto version = version_of_ours(database);
  if (!version) return std::unexpected(version.error());
  if (*version == 0) {
    const auto tables = number(database, "select count(*) from sqlite_schema");
    if (!tables) return std::unexpected(tables.error());
    if (*tables > 0) return fail("this file is another program's database", {}, "name another file");
    if (auto ok = database.exec(kPageSize); !ok) return ok;
  }
  if (auto ok = database.exec("pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-4096; pragma temp_store=memory;"); !ok) return ok;
  if (auto ok = database.exec(kUsualCheckpoint); !ok) return ok;
  for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
    const std::string sql = std::string("begin immediate;") + kSteps[step] + "pragma application_id=" + std::to_string(kApplicationId) +
                            ";pragma user_version=" + std::to_string(step + 1) + ";commit;";
    if (auto ok = database.exec(sql.c_str()); !ok) {
      (void)database.exec("rollback");
      return ok;
    }
  }
  return {};
}

Status check_schema(Database& database) {
  const auto version = version_of_ours(database);
  if (!version) return std::unexpected(version.error());
  if (*version != kSchemaVersion) return fail("this file holds no journal of version " + std::to_string(kSchemaVersion), {}, "start ctid once; it brings the file up to date");
  return {};
}

Result<std::int64_t> meta(Database& database, std::string_view name) {
  auto statement = Statement::prepare(database, "select value from meta where name = ?1");
  if (!statement) return std::unexpected(statement.error());
  if (!statement->bind(name).next()) return fail("journal: meta has no " + std::string(name));
  return statement->integer(0);
}

Status set_meta(Database& database, std::string_view name, std::int64_t value) {
  auto statement = Statement::prepare(database, "update meta set value = ?2 where name = ?1");
  if (!statement) return std::unexpected(statement.error());
  if (!statement->bind(name, value).run() || database.changes() != 1) return database.error("meta");
  return {};
}

}  // namespace sr::store
