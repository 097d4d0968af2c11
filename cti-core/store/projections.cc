// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/projections.h"

#include <boost/describe.hpp>

#include <array>
#include <string>

#include "drivers/base/log.h"

namespace sr::store {
namespace {

enum class Sql {
  call_in, offered, in_progress, number_call, number_offered,
  call_out, outgoing, originated_call, originated,
  queued, delivered, established_script, established_agent, answered, far_answer, far_answer_call,
  wait_announced, wait_answered, wait_left, place_kept, place_called, place_tried, place_closed,
  diverted, held, retrieved, conferenced, transferred, failed_call, failed_outgoing, connection_cleared, cleared, cleared_outgoing,
  served, lost, outcome, call_data,
  callback_opened, callback_updated, callback_closed, callback_call,
  recording_started, recording_call, recording_ended,
  agent, agent_state, audit, agent_skill, queue_member, no_skills, no_members, alarm, trunk_busy, system_start, incarnation, board_link, board_alone,
  count_
};

struct Line { Sql sql; const char* text; };

// One statement per thing that happens to a row. ?1 is the call (agent, file, seq) and ?2 the time, wherever there are such.
constexpr std::array kSql = {
    Line{Sql::call_in, "insert or ignore into call(call, direction, begun_at, span, channel, crv, calling, called, number) values(?1, 'in', ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    Line{Sql::offered, "insert or ignore into offered(call, offered_at, span, channel, crv, calling, called, number, trunk_group, spot) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
    Line{Sql::in_progress, "insert or ignore into in_progress values(?1, ?2)"},
    Line{Sql::number_call, "update call set called = ?2, number = ?3 where call = ?1"},
    Line{Sql::number_offered, "update offered set called = ?2, number = ?3, spot = ?4 where call = ?1"},

    Line{Sql::call_out, "insert or ignore into call(call, direction, begun_at, device) values(?1, 'out', ?2, ?3)"},
    Line{Sql::outgoing, "insert or ignore into outgoing(call, begun_at, initiated_device) values(?1, ?2, ?3)"},
    Line{Sql::originated_call, "update call set calling = ?2, called = ?3, agent = ?4, with_agent = case when ?4 = '' then 0 else 2 end where call = ?1 and direction = 'out'"},
    Line{Sql::originated, "update outgoing set originated_at = coalesce(originated_at, ?2), calling = ?3, called = ?4, agent = ?5 where call = ?1"},

    Line{Sql::queued, "update call set queued_at = case when in_queue = 1 then queued_at else ?2 end, queue = ?3, priority = ?4, in_queue = 1, with_agent = 0 where call = ?1"},
    // Whom an agent consults is not yet the call's agent.
    Line{Sql::delivered, "update call set delivered_at = ?2, device = ?3, agent = case when ?4 = '' then agent else ?4 end, with_agent = case when ?4 = '' then with_agent else 1 end, "
                         "customer = case when ?5 = '' then customer else ?5 end, last_order = case when ?6 = '' then last_order else ?6 end where call = ?1 and not (direction = 'in' and with_agent >= 2)"},
    Line{Sql::established_script, "update call set script_at = coalesce(script_at, ?2) where call = ?1 and direction = 'in'"},
    Line{Sql::established_agent, "update call set answered_at = coalesce(answered_at, ?2), agent = ?3, device = ?4, with_agent = 2, in_queue = case in_queue when 1 then 2 else in_queue end "
                                 "where call = ?1 and direction = 'in'"},
    // A call that nobody offered or dialled is booked too, so that the books can say so.
    Line{Sql::answered, "insert or ignore into answered select ?1, coalesce((select offered_at from offered where call = ?1), ?2), ?2, ?3, ?4 "
                        "where exists(select 1 from offered where call = ?1) or not exists(select 1 from outgoing where call = ?1)"},
    // The far end of an outgoing call has answered; the agent's own phone going off-hook (a call made by a client) has not.
    Line{Sql::far_answer, "update outgoing set answered_at = ?2, outcome = 'answered' where call = ?1 and outcome = 'in_progress' and originated_at is not null and initiated_device <> ?3"},
    Line{Sql::far_answer_call, "update call set answered_at = coalesce(answered_at, ?2) where call = ?1 and direction = 'out'"},

    Line{Sql::wait_announced, "insert or ignore into wait_announced(seq, at, call, queue, position, seconds, estimate_ms) values(?3, ?2, ?1, ?4, ?5, ?6, ?7)"},
    Line{Sql::wait_answered, "update wait_announced set end = 'answered', actual_ms = (?2 - at) / 1000 where call = ?1 and end = ''"},
    Line{Sql::wait_left, "update wait_announced set end = 'left' where call = ?1 and end = ''"},
    Line{Sql::place_kept, "insert or ignore into place(call, kept_at, queue, number, priority, since) values(?1, ?2, ?3, ?4, ?5, ?6)"},
    Line{Sql::place_called, "update place set callback = ?2 where call = ?1"},
    Line{Sql::place_tried, "update place set tries = ?2, callback = 0 where call = ?1"},
    Line{Sql::place_closed, "update place set closed_at = ?2, outcome = ?3 where call = ?1 and closed_at is null"},

    Line{Sql::diverted, "update call set in_queue = case when ?3 = '' and queue = ?2 then 0 else in_queue end, with_agent = case when ?3 = '' then with_agent else 0 end where call = ?1"},
    // 3: his agent holds him. Who is held otherwise is the second of a consultation.
    Line{Sql::held, "update call set with_agent = 3 where call = ?1 and with_agent = 2 and ?2 in (calling, 'withheld')"},
    Line{Sql::retrieved, "update call set with_agent = 2 where call = ?1 and with_agent in (1, 3) and direction = 'in' and ?2 in (calling, 'withheld')"},
    Line{Sql::conferenced, "update call set with_agent = 2 where call = ?1 and with_agent = 3"},
    Line{Sql::transferred, "update call set device = ?2, agent = ?3, with_agent = case in_queue when 1 then 1 else 2 end where call = ?1"},
    Line{Sql::failed_call, "update call set cause = ?2, q850 = ?3 where call = ?1"},
    Line{Sql::failed_outgoing, "update outgoing set outcome = 'failed', cause = ?2, q850 = ?3 where call = ?1 and outcome = 'in_progress'"},
    Line{Sql::connection_cleared, "update call set cause = ?2, q850 = ?3, released_by = ?4, with_agent = case when ?5 in (device, agent) then 0 else with_agent end where call = ?1"},
    Line{Sql::cleared, "update call set ended_at = ?2, cause = ?3, with_agent = 0 where call = ?1"},
    Line{Sql::cleared_outgoing, "update outgoing set ended_at = ?2, cause = case when cause = '' then ?3 else cause end, "
                                "outcome = case when outcome <> 'in_progress' then outcome when originated_at is null then 'not_dialled' else 'not_answered' end where call = ?1"},

    Line{Sql::served, "insert or ignore into served values(?1, coalesce((select offered_at from offered where call = ?1), ?2), ?2, ?3)"},
    Line{Sql::lost, "insert or ignore into lost select ?1, coalesce((select offered_at from offered where call = ?1), ?2), ?2, ?3, ?4, ?5, "
                    "coalesce(c.calling, ''), coalesce(c.called, ''), coalesce(c.number, ''), coalesce(c.queue, ''), coalesce(c.agent, '') "
                    "from (select 1) left join call c on c.call = ?1"},
    Line{Sql::outcome, "delete from in_progress where call = ?1"},
    Line{Sql::call_data, "insert into call_data values(?1, ?2, ?3) on conflict do update set value = excluded.value"},

    Line{Sql::callback_opened, "insert or ignore into callback(callback, customer, kind, number, queue, spot, due, opened_at, calls, last_call, last_at) values(?1, ?3, ?4, ?5, ?6, ?7, ?8, ?2, 1, ?1, ?2)"},
    Line{Sql::callback_updated, "update callback set calls = calls + (last_call <> ?3), last_call = ?3, last_at = ?2, kind = ?4, due = ?5 where callback = ?1 and closed_at is null"},
    Line{Sql::callback_closed, "update callback set closed_at = ?2, outcome = ?3, closed_by = ?4 where callback = ?1 and closed_at is null"},
    Line{Sql::callback_call, "insert or ignore into callback_call values(?1, ?2)"},

    Line{Sql::recording_started, "insert or ignore into recording(file, started_at, call) values(?1, ?2, ?3)"},
    Line{Sql::recording_call, "update call set recording = ?2 where call = ?1"},
    Line{Sql::recording_ended, "insert into recording(file, started_at, ended_at, call, duration_ms, end) values(?1, ?2, ?2, ?3, ?4, ?5) "
                               "on conflict do update set ended_at = excluded.ended_at, duration_ms = excluded.duration_ms, end = excluded.end"},

    Line{Sql::agent, "insert into agent(agent, since, device, state, reason, call, logged_on_at) values(?1, ?2, ?3, ?4, ?5, ?6, ?2) on conflict do update set "
                     "device = excluded.device, state = excluded.state, reason = excluded.reason, call = excluded.call, since = excluded.since, "
                     "logged_on_at = case when ?7 then ?2 when ?4 = 'agentNull' then null else logged_on_at end, "
                     "last_call_end = case when agent.state = 'agentBusy' and excluded.state <> 'agentBusy' then ?2 else last_call_end end"},
    Line{Sql::agent_state, "insert or ignore into agent_state values(?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    Line{Sql::audit, "insert or ignore into audit values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
    Line{Sql::agent_skill, "insert into agent_skill values(?1, ?2, ?3) on conflict do update set level = excluded.level"},
    Line{Sql::queue_member, "insert into queue_member values(?1, ?2, ?3) on conflict do update set member = excluded.member"},
    Line{Sql::no_skills, "delete from agent_skill"},
    Line{Sql::no_members, "delete from queue_member"},
    Line{Sql::alarm, "insert or ignore into alarm values(?1, ?2, ?3, ?4, ?5)"},
    Line{Sql::trunk_busy, "insert or ignore into trunk_busy(seq, span, since, lasted, trunk_group, channels) values(?1, ?2, ?3, ?4, ?5, ?6)"},
    Line{Sql::system_start, "insert or ignore into system_start values(?1, ?2, ?3)"},
    Line{Sql::incarnation, "update meta set value = max(value, ?1) where name = 'incarnation'"},
    Line{Sql::board_link, "insert or ignore into board_link values(?1, ?2, ?3, ?4)"},
    Line{Sql::board_alone, "insert or ignore into board_alone values(?1, ?2, ?3, ?4)"},
};

constexpr bool every_statement_stands_at_its_place() {
  for (std::size_t i = 0; i < kSql.size(); ++i)
    if (static_cast<std::size_t>(kSql[i].sql) != i) return false;
  return kSql.size() == static_cast<std::size_t>(Sql::count_);
}
static_assert(every_statement_stands_at_its_place());

std::string_view word(Cause cause) { return boost::describe::enum_to_string(cause, ""); }
std::string_view word(LossStage stage) { return boost::describe::enum_to_string(stage, ""); }

}  // namespace

struct Projections::Impl {
  explicit Impl(Database& d) : database(&d) {}

  template <class... A>
  bool run(Sql sql, const A&... values) { return statements[static_cast<std::size_t>(sql)].bind(values...).run(); }
  bool changed() const { return database->changes() > 0; }

  void doubt(CallId call, std::string_view what) {
    ++doubtful;
    log::warn("journal: call {}: a second {}", to_number(call), what);
  }

  Database* database;
  std::array<Statement, kSql.size()> statements;
  std::uint64_t doubtful = 0;
};

namespace {

// One operator() per kind; there is no default: a new kind must say here what it is counted in.
template <class Impl>
struct Apply {
  Impl& to;
  Seq seq;
  Instant at;

  static std::uint64_t id(CallId call) { return to_number(call); }

  bool operator()(const ev::Offered& e) {
    return to.run(Sql::call_in, id(e.call), at, e.span, e.channel, e.crv, e.calling, e.called, e.number) &&
           to.run(Sql::offered, id(e.call), at, e.span, e.channel, e.crv, e.calling, e.called, e.number, e.group, e.spot) && first(e.call, "offer") &&
           to.run(Sql::in_progress, id(e.call), at);
  }
  bool operator()(const ev::NumberCompleted& e) {
    return to.run(Sql::number_call, id(e.call), e.called, e.number) && to.run(Sql::number_offered, id(e.call), e.called, e.number, e.spot);
  }
  bool operator()(const ev::ServiceInitiated& e) {
    return to.run(Sql::call_out, id(e.call), at, e.initiatedDevice) && to.run(Sql::outgoing, id(e.call), at, e.initiatedDevice);
  }
  bool operator()(const ev::Originated& e) {
    return to.run(Sql::call_out, id(e.call), at, e.callingDevice) && to.run(Sql::outgoing, id(e.call), at, e.callingDevice) &&
           to.run(Sql::originated_call, id(e.call), e.callingDevice, e.calledDevice, e.agentID) &&
           to.run(Sql::originated, id(e.call), at, e.callingDevice, e.calledDevice, e.agentID);
  }
  bool operator()(const ev::Queued& e) { return to.run(Sql::queued, id(e.call), at, e.queue, e.priority); }
  bool operator()(const ev::Delivered& e) {
    return to.run(Sql::delivered, id(e.call), at, e.alertingDevice, e.agentID, e.customer, e.lastOrder);
  }
  bool operator()(const ev::Established& e) {
    if (!to.run(Sql::far_answer, id(e.call), at, e.answeringDevice)) return false;
    if (to.changed() && !to.run(Sql::far_answer_call, id(e.call), at)) return false;
    if (e.agentID.empty()) return to.run(Sql::established_script, id(e.call), at);
    return to.run(Sql::established_agent, id(e.call), at, e.agentID, e.answeringDevice) &&
           to.run(Sql::answered, id(e.call), at, e.agentID, e.answeringDevice) && (!to.changed() || to.run(Sql::outcome, id(e.call))) &&
           to.run(Sql::wait_answered, id(e.call), at);
  }
  bool operator()(const ev::Diverted& e) {
    return to.run(Sql::diverted, id(e.call), e.divertingDevice, e.agentID) && (!e.agentID.empty() || to.run(Sql::wait_left, id(e.call)));
  }
  bool operator()(const ev::PlaceKept& e) { return to.run(Sql::place_kept, id(e.call), at, e.queue, e.number, e.priority, e.since); }
  bool operator()(const ev::PlaceCalled& e) { return to.run(Sql::place_called, id(e.call), id(e.callback)); }
  bool operator()(const ev::PlaceTried& e) { return to.run(Sql::place_tried, id(e.call), e.tries); }
  bool operator()(const ev::PlaceClosed& e) { return to.run(Sql::place_closed, id(e.call), at, e.outcome); }
  bool operator()(const ev::WaitAnnounced& e) { return to.run(Sql::wait_announced, id(e.call), at, seq, e.queue, e.position, e.seconds, e.estimateMs); }
  bool operator()(const ev::Held& e) { return to.run(Sql::held, id(e.call), e.heldDevice); }
  bool operator()(const ev::Retrieved& e) { return to.run(Sql::retrieved, id(e.call), e.retrievedDevice); }
  bool operator()(const ev::Conferenced& e) { return to.run(Sql::conferenced, id(e.call)); }
  bool operator()(const ev::HoldRecall&) { return true; }
  bool operator()(const ev::Transferred& e) { return to.run(Sql::transferred, id(e.call), e.transferredToDevice, e.agentID); }
  bool operator()(const ev::Failed& e) {
    return to.run(Sql::failed_call, id(e.call), word(e.cause), e.q850) && to.run(Sql::failed_outgoing, id(e.call), word(e.cause), e.q850);
  }
  bool operator()(const ev::ConnectionCleared& e) {
    return to.run(Sql::connection_cleared, id(e.call), word(e.cause), e.q850, e.releasingDevice, e.droppedConnection);
  }
  bool operator()(const ev::CallCleared& e) {
    return to.run(Sql::cleared, id(e.call), at, word(e.cause)) && to.run(Sql::cleared_outgoing, id(e.call), at, word(e.cause)) && to.run(Sql::wait_left, id(e.call));
  }
  bool operator()(const ev::Served& e) {
    return to.run(Sql::served, id(e.call), at, e.reason) && first(e.call, "outcome (served)") && to.run(Sql::outcome, id(e.call));
  }
  bool operator()(const ev::Lost& e) {
    return to.run(Sql::lost, id(e.call), at, word(e.stage), e.reason, e.callback) && first(e.call, "outcome (lost)") && to.run(Sql::outcome, id(e.call));
  }
  bool operator()(const ev::CallbackOpened& e) {
    return to.run(Sql::callback_opened, id(e.call), at, e.customer, e.kind, e.number, e.queue, e.spot, e.due) && first(e.call, "callback") &&
           to.run(Sql::callback_call, id(e.call), id(e.call));
  }
  bool operator()(const ev::CallbackUpdated& e) {
    return to.run(Sql::callback_updated, id(e.callback), at, id(e.call), e.kind, e.due) && to.run(Sql::callback_call, id(e.call), id(e.callback));
  }
  bool operator()(const ev::CallbackClosed& e) { return to.run(Sql::callback_closed, id(e.callback), at, e.outcome, id(e.call)); }
  bool operator()(const ev::CallData& e) { return to.run(Sql::call_data, id(e.call), e.key, e.value); }
  bool operator()(const ev::RecordingStarted& e) {
    return to.run(Sql::recording_started, e.file, at, id(e.call)) && to.run(Sql::recording_call, id(e.call), e.file);
  }
  bool operator()(const ev::RecordingEnded& e) { return to.run(Sql::recording_ended, e.file, at, id(e.call), e.durationMs, e.end); }

  bool operator()(const ev::AgentLoggedOn& e) { return agent(e.agentID, e.agentDevice, "agentNotReady", "logged on", CallId::none, true); }
  bool operator()(const ev::AgentLoggedOff& e) { return agent(e.agentID, e.agentDevice, "agentNull", e.reason, CallId::none); }
  bool operator()(const ev::AgentReady& e) { return agent(e.agentID, e.agentDevice, "agentReady", "", CallId::none); }
  bool operator()(const ev::AgentNotReady& e) { return agent(e.agentID, e.agentDevice, "agentNotReady", e.reason, CallId::none); }
  bool operator()(const ev::AgentBusy& e) { return agent(e.agentID, e.agentDevice, "agentBusy", "", e.call); }
  bool operator()(const ev::AgentWorkingAfterCall& e) { return agent(e.agentID, e.agentDevice, "agentWorkingAfterCall", "", e.call); }

  bool operator()(const ev::SupervisorAct& e) { return to.run(Sql::audit, seq, at, e.who, e.from, e.act, e.agentID, id(e.call), e.detail, e.done, e.why); }
  bool operator()(const ev::AgentSkill& e) { return to.run(Sql::agent_skill, e.agentID, e.skill, e.level); }
  bool operator()(const ev::QueueMember& e) { return to.run(Sql::queue_member, e.queue, e.agentID, e.member); }
  bool operator()(const ev::Alarm& e) { return to.run(Sql::alarm, seq, at, e.span, e.alarm, e.raised); }
  bool operator()(const ev::AllTrunksBusy& e) { return to.run(Sql::trunk_busy, seq, e.span, e.since, e.lasted.count(), e.group, e.channels); }
  bool operator()(const ev::QueueOverflow&) { return true; }
  bool operator()(const ev::ConfigurationChanged&) { return to.run(Sql::no_skills) && to.run(Sql::no_members); }  // the file counts again
  bool operator()(const ev::SystemStarted& e) { return to.run(Sql::system_start, seq, at, e.incarnation) && to.run(Sql::incarnation, e.incarnation); }
  bool operator()(const ev::BoardLink& e) { return to.run(Sql::board_link, seq, at, e.epoch, e.up); }
  bool operator()(const ev::BoardActedAlone& e) { return to.run(Sql::board_alone, seq, at, id(e.call), e.act); }

 private:
  bool first(CallId call, std::string_view what) {
    if (!to.changed()) to.doubt(call, what);
    return true;
  }
  bool agent(const std::string& name, const std::string& device, std::string_view state, const std::string& reason, CallId call, bool logs_on = false) {
    return to.run(Sql::agent, name, at, device, state, reason, id(call), logs_on) && to.run(Sql::agent_state, seq, at, name, device, state, reason, id(call));
  }
};

}  // namespace

Projections::Projections(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Projections::Projections(Projections&&) noexcept = default;
Projections& Projections::operator=(Projections&&) noexcept = default;
Projections::~Projections() = default;

Result<Projections> Projections::prepare(Database& database) {
  auto impl = std::make_unique<Impl>(database);
  for (const Line& line : kSql) {
    auto statement = Statement::prepare(database, line.text);
    if (!statement) return std::unexpected(statement.error());
    impl->statements[static_cast<std::size_t>(line.sql)] = std::move(*statement);
  }
  return Projections(std::move(impl));
}

bool Projections::apply(const JournalRow& row) { return std::visit(Apply<Impl>{*impl_, row.seq, row.at}, row.event); }

std::uint64_t Projections::doubtful() const { return impl_->doubtful; }

}  // namespace sr::store
