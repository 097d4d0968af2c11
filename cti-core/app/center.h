// The inside of CallCenter (call_center.h), private to this folder. One class over several files, one idea each:
//   center.cc     turns, journal, acknowledgements, board events handed out      inbound.cc   life of an incoming call
//   queueing.cc   waiting, offering to agents                                   agents.cc    agents' states and their timers
//   phones.cc     a phone goes off-hook and dials                               outbound.cc  calls made here
//   script_host.cc what a Lua script asks for                                   recovery.cc  restart, link loss, a new life of boardd
//   procedure.h   what an agent may do who has a caller                         callbacks.cc  who is to be called back
//   reload.cc     another configuration, asked for in reload_request.cc         ring_all.cc  several agents ring for one caller
//   overflow.cc   when others help a queue                                      announcing.cc  what a waiting caller is told
//   devices.h     agents' phones: stations, outside, kept up                    direct.cc    calls to one certain agent
//   capture.cc    new callers who are not served, trunk groups                  calendar.cc  spots, opening hours, what scripts decide by
// References into calls_ and outs_ live within one turn; whatever waits keeps a CallId and looks it up.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "cti-core/acd/agent_table.h"
#include "cti-core/acd/expected_wait.h"
#include "cti-core/acd/router.h"
#include "cti-core/app/call_center.h"
#include "cti-core/app/calls.h"
#include "cti-core/app/center_state.h"
#include "cti-core/app/config_source.h"
#include "cti-core/app/devices.h"
#include "cti-core/app/dial_plan.h"
#include "cti-core/app/places.h"
#include "cti-core/app/procedure.h"
#include "cti-core/app/staffing.h"
#include "cti-core/app/supervisors.h"
#include "cti-core/loss/callbacks.h"

namespace sr::app {

class Center final : public BoardListener, public ivr::ScriptHost, public CtiBackend, private CenterState {
 public:
  Center(Timers& timers, Store& store, CenterConfig config, const Recovered& recovered, CallCenter::PromptExists prompt_exists);
  ~Center() override;
  void attach(Board& board, ivr::Engine& engine);
  void end_of_turn();
  std::string check() const;
  std::string check_walk() const;                // the same by walking, of what is counted
  std::string digest(const std::function<Duration(TimerId)>& left) const;

  void on_link(bool up) override;
  void on_event(const board::Envelope& envelope) override;
  void on_snapshot(const board::Snapshot& snapshot) override;

  void script_answer(CallId call) override;
  void script_play(CallId call, std::uint32_t play, std::vector<std::string> prompts, bool barge_in) override;
  void script_stop_play(CallId call) override;
  void script_queue(CallId call, const ivr::QueueRequest& request) override;
  void script_dial(CallId call, const ivr::DialRequest& request) override;
  void script_hangup(CallId call, int q850) override;
  Status script_served(CallId call, const std::string& reason) override;
  Status script_keep_place(CallId call, const std::string& number) override;
  void script_lost(CallId call, LossStage stage, const std::string& reason, bool callback) override;
  void script_set_data(CallId call, const std::string& key, const std::string& value) override;
  void script_finished(CallId call) override;
  void script_failed(CallId call, const Error& error) override;
  bool queue_exists(const std::string& queue) const override;
  bool prompt_exists(const std::string& prompt) const override;
  int agents_idle(const std::string& queue) const override;
  int calls_waiting(const std::string& queue) const override;
  ivr::QueueNumbers queue_numbers(const std::string& queue) const override;
  std::optional<ivr::TrunkNumbers> trunk_numbers(const std::string& group) const override;
  bool is_open(CallId call, const std::string& queue) const override;
  std::string holiday() const override;
  std::string spot(CallId call) const override;

  std::string calls_json() const override;
  std::string agents_json() const override;
  std::string queues_json() const override;
  std::string spans_json() const override;
  Seq last_seq() const override { return last_seq_; }
  std::uint64_t epoch() const override { return journal_epoch_; }
  CtiResult<void> agent_login(const AgentLoginRequest& request) override;
  CtiResult<void> agent_logout(const std::string& agent) override;
  CtiResult<void> agent_ready(const std::string& agent) override;
  CtiResult<void> agent_not_ready(const std::string& agent, const std::string& reason) override;
  CtiResult<void> agent_wrap_up(const std::string& agent) override;
  CtiResult<void> agent_more_wrap_up(const std::string& agent, std::optional<Duration> by) override;
  CtiResult<CallId> call_make(const std::string& device, const std::string& called) override;
  CtiResult<void> call_clear(CallId call) override;
  CtiResult<void> call_hold(CallId call) override;
  CtiResult<void> call_retrieve(CallId call) override;
  CtiResult<void> call_consult(CallId call, const std::string& to) override;
  CtiResult<void> call_alternate(CallId call) override;
  CtiResult<void> call_conference(CallId call) override;
  CtiResult<void> call_transfer(CallId call) override;
  CtiResult<void> call_single_step_transfer(CallId call, const std::string& to) override;
  CtiResult<void> call_set_data(CallId call, const std::string& key, const std::string& value) override;
  CtiResult<std::string> call_explain(CallId call) const override;
  CtiResult<std::string> ivr_reload() override;
  CtiResult<void> supervise(const SupervisorOrder& order) override { return supervisors_.order(order); }
  void config_reload(const ReloadRequest& request, ReloadDone done) override;
  std::string callbacks_json(const CallbackFilter& filter) const override;
  CtiResult<void> callback_close(CallId callback, const std::string& outcome) override;
  void on_journal(std::function<void(const JournalRow&)> on_row) override { listeners_.push_back(std::move(on_row)); }

 private:
  friend class CallCenter; friend class Devices; friend class PhoneProcedure; friend class Places; friend class Staffing; friend class Supervisors; friend struct Hear;

  // center.cc
  struct Turn;                                   // an entry from outside; the outermost one settles what was left to do
  void settle();
  void defer(std::function<void()> work);        // not now: a coroutine of the engine may be on the stack
  void guarded(TimerId& slot, Duration after, std::function<void()> run);  // a timer that runs as a turn and clears its slot
  void stop(TimerId& slot);
  void journal(JournalEvent event);
  void send(const board::Command& command);
  void send(const Conference::Commands& commands);
  LegId new_leg(LegRole role, CallId call, std::string station = {});
  void acknowledge();
  Call* find(CallId id);
  Call* find_script(CallId id);                  // with a live session
  OutCall* find_out(CallId id);
  LegUse* use_of(LegId leg);
  void tag(LegId leg, CallId call, board::Mode mode) { send(board::cmd::SetTag{leg, {to_number(call), mode}}); }
  void count_span(const std::string& span, int by);

  // inbound.cc
  void offered(const board::evt::Offered& e);
  void number_complete(Call& call, const std::string& called);
  void begin(Call& call);                        // the number is known: its script starts
  void answer(Call& call);
  void answered(Call& call);
  void listen(Call& call);                       // for digits, if more than its script's
  void talk_digit(Call& call, char digit);
  void record(Call& call, std::string_view more = {});
  void refuse(Call& call, int cause, LossStage stage, const std::string& reason);
  void clear(Call& call, int cause, Cause word = Cause::normalClearing);
  void caller_released(Call& call, int cause, bool by_far, const std::string& why);
  void finish(Call& call, Cause cause);          // CallCleared; the call is no more
  void book_lost(Call& call, LossStage stage, const std::string& reason, bool callback = false);
  bool advance(Call& call, CallEvent event);
  void fall_back(Call& call, const Error& error);
  void to_number_queue(Call& call, const ivr::QueueRequest& request = {});
  void end_script(Call& call);
  void drop_child(Call& call);
  NumberPtr match_number(const std::string& called) const;
  bool could_grow(const std::string& called) const;  // more digits would make a number of ours

  // queueing.cc
  void enqueue(Call& call, acd::QueueNo queue, const ivr::QueueRequest& request, Instant waits_since = {});
  void stand_in_line(Call& call, acd::AgentNo owner);
  void leave_line(Call& call);                   // timers and place; no event
  void queue_timed_out(Call& call);
  void end_queue(Call& call, ivr::QueueEnd end);
  void run_match();
  void reserve(const acd::Pair& pair);
  LegId ring_agent(const Call& call, const acd::Agent& agent, const std::string& queue, Cause cause);  // screen pop, then the bell
  void limit_ringing(Call& call) { ring_until(call, timers_.now() + config_.no_answer); }  // of the agent who is offered it, or consulted
  void ring_until(Call& call, Instant until);
  void agent_answers(Call& call);
  void agent_misses(Call& call, Miss why);
  void missed(const Call& call, LegId leg, acd::AgentNo no, const std::string& device, Miss why);
  void agent_leaves(Call& call, int cause, bool caller_stays);
  void back_to_script(Call& call);               // whoever the caller talked to is gone
  void settle_overflow();
  void take_overflow_step(acd::QueueNo queue, std::size_t step, Duration oldest = {});
  std::size_t helps_from(acd::QueueNo queue, const acd::Agent& agent) const;  // the overflow step; npos: never
  std::optional<Duration> expected_wait(acd::QueueNo queue, std::size_t in_front) const;
  acd::QueueNo queue_no(const std::string& name) const;

  // announcing.cc
  void announce_after(Call& call, Duration after);
  void announce(Call& call), music(Call& call), stop_announcing(Call& call), hear_key(Call& call);
  void see_off(Call& call, acd::QueueNo queue, LossStage stage);
  const std::string& language_of(const Call& call) const;

  // ring_all.cc
  bool rings_all(const Call& call) const;
  void invite_mates(), mate_answers(Call& call, LegId leg), mate_misses(Call& call, LegId leg, Miss why);
  bool promote_mate(Call& call);                 // to be the one whose phone rings
  void free_mates(Call& call, bool another_answered);
  const board::LegSnapshot* find_offered(const Call& call, const board::Snapshot& s);
  void adopt_mates(Call& call, const board::Snapshot& s);

  // agents.cc
  bool agent_event(acd::Agent& agent, acd::AgentEvent event, std::string_view text = {}, CallId call = {});
  CtiResult<void> log_on(const std::string& agent, const std::string& device, const std::string& pin, bool ready);
  void open_callers_of(acd::AgentNo agent);      // to anybody else
  void wrap_up_until(acd::Agent& agent, Instant until), time_wrap_up(acd::Agent& agent, Instant until);
  bool more_wrap_up(acd::Agent& agent, Duration by);
  void restore_agents(const std::vector<RecoveredAgent>& agents);

  // phones.cc
  Phone& phone(const std::string& station) { return phones_[station]; }
  bool phone_idle(const std::string& station) const;
  void phone_changed(const std::string& station);
  void initiated(const board::evt::Initiated& e);
  void phone_digit(const std::string& station, char digit);
  void phone_acts(const std::string& station, bool ended);
  void phone_obeys(const std::string& station, const PhoneOrder& order);
  void phone_done(const std::string& station, bool ok, const char* otherwise = "unobtainable");
  void phone_leg_gone(const std::string& station, LegId leg, bool hung_up = false);
  void wrap_up_over(acd::Agent& agent);

  // outbound.cc
  OutCall* begin_at(const std::string& station, const std::string& called);
  bool dial_from_phone(const std::string& station, const std::string& number);
  void dial(OutCall& out, const std::string& group, const std::string& shown);
  void near_answered(OutCall& out);
  void far_alerting(OutCall& out);
  void far_answered(OutCall& out);
  void out_released(OutCall& out, LegRole role, int cause, bool by_far);
  void clear_out(OutCall& out, int cause);
  void finish_out(OutCall& out, Cause cause);
  bool advance(OutCall& out, OutEvent event);
  bool call_agent(const std::string& station, const std::string& wanted);  // direct.cc
  void limit_callee(OutCall& out), callee_leaves(OutCall& out), to_agent(Call& call);

  // capture.cc
  bool capture(Call& call);                      // true: he is captured
  void say_captured(Call& call), end_captured(Call& call);
  Trunks trunks(const std::string& group) const;
  std::size_t on_the_way(acd::QueueNo queue) const;  // callers in the scripts of its numbers

  // calendar.cc
  Instant here() const { return at_ == Instant{} ? timers_.now() : at_; }
  bool number_open(const NumberConfig& number) const;
  bool queue_open(acd::QueueNo queue) const;
  bool spot_armed(acd::QueueNo queue) const;
  std::string spot_now(const NumberConfig* number) const;
  void watch_spots();                            // a step of overflow may begin or end with one

  // callbacks.cc
  void callback_wanted(CallId call, const std::string& calling, const CallbackWish& wish);
  void callback_wanted(const Call& call, std::string kind, std::optional<Instant> due = {});  // also changes the kind of an open task
  void got_through(const Call& call);
  void end_callback(const loss::CallbackTask& task, const std::string& outcome, CallId by);
  void restore_callbacks(const std::vector<RecoveredCallback>& callbacks);

  // recovery.cc
  void restore_calls(const std::vector<RecoveredCall>& calls);
  void see_epoch(std::uint64_t epoch);           // a new life of boardd ends every call of the earlier ones
  void book_unserved(const board::evt::Offered& e);
  void leg_lost(LegId leg);
  void adopt(Call& call, const board::Snapshot& s);
  void adopt(OutCall& out, const board::Snapshot& s);
  void resume_held(Call& call, const board::LegSnapshot& leg);
  void mend(Call& call);                         // a command for it was lost
  bool has_call(const acd::Agent& agent);
  void take_stranger(const board::LegSnapshot& leg);

  // reload.cc
  void configure(const CenterConfig& next, const std::vector<std::vector<acd::Serving>>& serves);
  acd::QueueNo configure(const QueueConfig& queue);
  void configure(const AgentConfig& agent, std::vector<acd::Serving> serving, const std::vector<bool>& draining);
  void dismiss(acd::Agent& agent);
  bool is_configured(acd::QueueNo queue) const;  // false: it went in a reload
  std::vector<bool> queues_in_use() const;
  acd::QueueNo queue_of_number(const Call& call) const;
  std::set<std::string> scripts() const;

  // reload_request.cc
  void next_reload();
  CtiResult<std::string> take(const ReloadRequest& request, Result<Candidate> read);
  Status room_for(const CenterConfig& next) const;
  std::vector<std::string> consequences(const std::vector<ConfigChange>& changes) const;
  std::vector<std::string> not_on_board(const CenterConfig& config) const;
  void reload_on_signal();
  void started_with(const std::vector<ConfigChange>& changes);

  void released(const board::evt::Released& e);
  void leg_answered(LegId leg), leg_accepted(LegId leg);  // accepted: and the key was pressed, where one is wanted

  Timers& timers_;
  Store& store_;
  CenterConfig config_;                          // queues and agents by their numbers, also those that went
  std::shared_ptr<const CenterConfig> in_force_; // as the file says it
  ConfigSource* config_source_ = nullptr;
  struct Reloads { std::deque<std::pair<ReloadRequest, ReloadDone>> waiting{}; bool running = false; Instant not_before{}; TimerId timer{}; } reloads_;
  CallCenter::PromptExists prompt_exists_;
  Devices devices_{*this};
  PhoneProcedure procedure_{*this};
  Places places_{*this}; Staffing staffing_{*this}; Supervisors supervisors_{*this};
  acd::AgentTable agents_;
  acd::Waiting waiting_;
  CallId next_call_{1};
  std::uint64_t incarnation_ = 0, journal_epoch_ = 0, leg_counter_ = 0;
  Seq last_seq_ = 0;
  std::map<std::uint64_t, std::uint64_t> cursors_;
};

}  // namespace sr::app

#include "cti-core/app/turn.h"
