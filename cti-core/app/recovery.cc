// After ctid's own death, after a lost link, after boardd's death. The journal says what we were doing, the board's snapshot what
// is still up; between link-up and snapshot nothing new is begun. Established calls stay up, queued callers keep their place,
// callers in a script go to their number's queue, and whatever nobody knows is cleared.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "cti-core/ivr/say.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;

void Center::restore_calls(const std::vector<RecoveredCall>& calls) {
  for (const auto& r : calls) {
    if (to_number(r.call) >= to_number(next_call_)) next_call_ = CallId{to_number(r.call) + 1};
    const acd::Agent* agent = r.agent.empty() ? nullptr : agents_.find(r.agent);
    if (r.outgoing) {
      OutCall& out = outs_[r.call];
      out = {.id = r.call, .phase = OutPhase::dialing, .station = r.calling, .calling = r.calling, .called = r.called, .recovered = true, .begun_at = r.offered_at};
      out.dialled = !r.called.empty();
      const auto is_in_it = [&](const acd::Agent* a) { return a && a->state == AgentState::agentBusy && a->call == r.call; };
      if (const acd::Agent* dials = agents_.at_device(r.calling); is_in_it(dials)) out.agent = dials->no;
      if (!agent || agent->no == out.agent) continue;
      if (r.called == agent->id) {  // one of ours rings, or talks
        out.callee = agent->no;
      } else if (is_in_it(agent)) {
        out.agent = agent->no;
        out.station = agent->device;
      }
      continue;
    }
    Call& call = calls_[r.call];
    call.id = r.call;
    call.conference = Conference(r.call);
    call.phase = Phase::held;
    call.recovered = true;
    call.span = r.span;
    call.channel = r.channel;
    call.calling = r.calling;
    call.called = r.called;
    call.number = match_number(r.number.empty() ? r.called : r.number);
    call.offered_at = r.offered_at;
    if (const SpotConfig* spot = call.number ? spot_of(config_.spots, call.number->number, r.offered_at) : nullptr) call.spot = spot_key(*spot);
    call.booked = r.outcome_booked || r.answered_by_agent;
    call.had_agent = r.answered_by_agent;
    call.queue = queue_no(r.queue);
    call.priority = r.priority;
    call.queued_at = r.queued_at;
    call.recording = r.recording;
    call.was_held = r.held;
    call.data = r.data;
    if (const auto language = r.data.find("language"); language != r.data.end() && ivr::say::knows_language(language->second)) call.language = language->second;
    call.announcing.told = {static_cast<std::size_t>(r.told_position), r.told_seconds / 60};
    if (agent && agent->state != AgentState::agentNull) {
      call.agent = agent->no;
      call.agent_device = agent->device;
    }
    count_span(call.span, 1);
  }
}

void Center::on_link(bool up) {
  const Turn turn(*this);
  if (up) ++link_;
  if (!up && link_up_) journal(ev::BoardLink{epoch_, false});
  link_up_ = up;
  in_step_ = false;
}

// ---- a new life of boardd ------------------------------------------------------------------------------------------

void Center::see_epoch(std::uint64_t epoch) {
  if (epoch <= epoch_) return;
  const bool first = epoch_ == 0;
  epoch_ = epoch;
  if (first && calls_.empty() && outs_.empty()) return;
  log::warn("board: a new life ({}); {} calls of the earlier one are over", epoch, calls_.size() + outs_.size());
  legs_.clear();
  supervisors_.forget();
  std::vector<CallId> ids;
  for (const auto& [id, out] : outs_) ids.push_back(id);
  std::ranges::sort(ids);
  for (const CallId id : ids)
    if (OutCall* out = find_out(id)) {
      out->near = out->far = LegId::none;
      journal(ev::Failed{id, out->called, Cause::systemFault, 41});
      clear_out(*out, 41);
    }
  ids.clear();
  for (const auto& [id, call] : calls_) ids.push_back(id);
  std::ranges::sort(ids);
  for (const CallId id : ids) {
    Call* call = find(id);
    if (!call) continue;
    book_lost(*call, LossStage::system_fault, "the board was restarted");
    if (call->consult.phase != ConsultPhase::none) procedure_.consult(*call, ConsultEvent::over);
    free_mates(*call, false);
    if (call->agent != acd::AgentNo::none) {
      acd::Agent& agent = agents_.at(std::exchange(call->agent, acd::AgentNo::none));
      if (agent.call == id && (agent.state == AgentState::reserved || agent.state == AgentState::agentBusy)) agent_event(agent, AgentEvent::board_lost);
    }
    finish(*call, Cause::systemFault);
  }
  devices_.begin_anew();
  for (auto& [name, span] : spans_) span.in_use = 0;
}

// Somebody called a board that has died since: there is nobody to serve any more, but it is written down.
void Center::book_unserved(const board::evt::Offered& e) {
  const CallId id = next_call_;
  next_call_ = CallId{to_number(id) + 1};
  hurry_ = true;
  const NumberPtr number = match_number(e.called);
  journal(ev::Offered{id, e.span, e.channel, e.crv, e.calling, e.called, number ? number->number : std::string(), e.group, spot_now(number.get())});
  journal(ev::Lost{id, LossStage::system_fault, "the board died before the call was served", false});
  callback_wanted(id, e.calling, {kCallbackLost, number ? number->number : e.called, number ? number->queue : "", spot_now(number.get()), {}});
  journal(ev::CallCleared{id, Cause::systemFault});
}

// ---- the snapshot ---------------------------------------------------------------------------------------------------

void Center::on_snapshot(const board::Snapshot& s) {
  const Turn turn(*this);
  see_epoch(s.epoch);
  constexpr Duration kClocksApart = 10s;  // more than a snapshot can be late
  const Duration ahead = s.at - timers_.now();
  board_ahead_ = std::chrono::abs(ahead) > kClocksApart ? ahead : Duration{};
  if (board_ahead_ != Duration{}) log::warn("board: its clock is {:.0f} s from ours, for the machine's was set; its events are booked by ours", to_seconds(ahead));
  journal(ev::BoardLink{epoch_, true});
  for (auto& [name, span] : spans_) span.shown = {};
  for (const auto& span : s.spans) spans_[span.span].shown = span;
  for (const auto& st : s.stations) {
    Phone& p = phones_[st.station];
    p.station = true;
    p.off_hook = st.off_hook;
    p.in_service = st.in_service;
  }

  std::unordered_map<LegId, const board::LegSnapshot*> there;
  for (const auto& leg : s.legs) there[leg.leg] = &leg;
  std::vector<LegId> lost;
  for (const auto& [leg, use] : legs_)
    if (use.link != link_ && !there.contains(leg)) lost.push_back(leg);
  std::ranges::sort(lost);
  for (const LegId leg : lost) leg_lost(leg);

  std::vector<CallId> ids;
  for (const auto& [id, call] : calls_) ids.push_back(id);
  std::ranges::sort(ids);  // the order of arrival
  for (const CallId id : ids) {
    Call* call = find(id);
    if (!call) continue;
    if (call->leg == LegId::none && call->phase == Phase::held) adopt(*call, s);
    else if (call->phase == Phase::held) {
      if (const auto it = there.find(call->leg); it != there.end()) resume_held(*call, *it->second);
    } else if (call->broken) mend(*call);
  }
  ids.clear();
  for (const auto& [id, out] : outs_) ids.push_back(id);
  std::ranges::sort(ids);
  for (const CallId id : ids)
    if (OutCall* out = find_out(id)) {
      if (out->recovered) adopt(*out, s);
      else if (out->broken) clear_out(*out, 41);
    }
  for (const auto& agent : agents_.all())  // busy in the journal, but with nothing that is up
    if (agent.state == AgentState::agentBusy && !has_call(agent)) agent_event(agents_.at(agent.no), AgentEvent::call_ended);
  supervisors_.resume(s);
  for (const auto& leg : s.legs) {
    const LegUse* use = use_of(leg.leg);
    if (!use) take_stranger(leg);
    else if (use->role == LegRole::gone && leg.state != board::LegState::clearing) send(board::cmd::Clear{leg.leg, 16});  // the first one was lost
  }
  for (auto& [station, p] : phones_) phone_changed(station);
  in_step_ = true;
  want_match_ = true;
  devices_.settle();
  for (const auto& word : not_on_board(*in_force_)) log::warn("configuration: {}", word);
}

bool Center::has_call(const acd::Agent& agent) {
  if (const OutCall* out = find_out(agent.call)) return out->agent == agent.no || out->callee == agent.no;
  const Call* call = find(agent.call);
  return call && (call->agent == agent.no || call->consult.agent == agent.no);
}

// A leg of ours that ended without an event, or whose Ring or Dial never reached the board.
void Center::leg_lost(LegId leg) {
  const LegUse* use = use_of(leg);
  if (!use) return;
  const LegUse copy = *use;
  Call* call = find(copy.call);
  if (copy.role == LegRole::agent && call && call->phase == Phase::ringing && call->agent_leg == leg) {
    count_span(copy.span, -1);
    legs_.erase(leg);
    phone_leg_gone(copy.station, leg);
    return agent_misses(*call, Miss::lost);
  }
  if (copy.role == LegRole::agent && call && call->mates.contains(leg)) {
    count_span(copy.span, -1);
    legs_.erase(leg);
    phone_leg_gone(copy.station, leg);
    return mate_misses(*call, leg, Miss::lost);
  }
  if (copy.role == LegRole::caller && call) book_lost(*call, LossStage::system_fault, "the line was lost");
  released({leg, 41, false, "lost"});
}

namespace {
const board::LegSnapshot* find_leg(const board::Snapshot& s, auto&& wanted) {
  for (const auto& leg : s.legs)
    if (wanted(leg)) return &leg;
  return nullptr;
}
bool is_up(const board::LegSnapshot& leg) { return leg.state == board::LegState::connected; }
}  // namespace

// A call that the journal knows and this process has never seen.
void Center::adopt(Call& call, const board::Snapshot& s) {
  const auto id = to_number(call.id);
  const auto* mine = find_leg(s, [&](const auto& l) { return l.tag.call == id && l.station.empty() && !l.outgoing && !legs_.contains(l.leg); });
  if (!mine)  // died between booking it and marking its leg
    mine = find_leg(s, [&](const auto& l) {
      return l.tag.call == 0 && !l.outgoing && l.span == call.span && l.channel == call.channel && l.calling == call.calling && !legs_.contains(l.leg);
    });
  const auto* agents = find_leg(s, [&](const auto& l) { return l.tag.call == id && !call.agent_device.empty() && devices_.device_of(l) == call.agent_device; });
  const bool had_queue = call.queue != acd::QueueNo::none;
  const auto* with = call.agent == acd::AgentNo::none ? nullptr : &agents_.at(call.agent);
  const bool has_one = with && with->state == AgentState::agentBusy && with->call == call.id;
  if (const auto* offered = had_queue && !has_one ? find_offered(call, s) : nullptr) {
    agents = offered;
    call.agent_device = devices_.device_of(*offered);
    call.agent = agents_.at_device(call.agent_device)->no;
  }

  if ((!mine || mine->state == board::LegState::clearing) && agents && procedure_.adopt_remaining(call, s, *agents)) return;
  if (!mine || mine->state == board::LegState::clearing) {  // he has hung up meanwhile; the journal says where that was
    acd::Agent* agent = call.agent == acd::AgentNo::none ? nullptr : &agents_.at(std::exchange(call.agent, acd::AgentNo::none));
    if (agent && agent->state == AgentState::agentBusy && agent->call == call.id) agent_event(*agent, AgentEvent::call_ended);
    const LossStage stage = !call.booked && agent ? LossStage::ringing_agent : had_queue ? LossStage::in_queue : call.number ? LossStage::in_script : LossStage::number_incomplete;
    journal(ev::ConnectionCleared{call.id, call.calling, call.calling, Cause::normalClearing, 16});
    book_lost(call, stage, "caller hung up while the center was away");
    return finish(call, Cause::normalClearing);
  }
  call.leg = mine->leg;
  call.called = mine->called.empty() ? call.called : mine->called;
  if (!call.number) call.number = match_number(call.called);
  call.up = call.answer_sent = is_up(*mine);
  legs_[call.leg] = {LegRole::caller, call.id, {}, link_};
  const auto* second = procedure_.find_second(call, s);
  if (!agents && second && call.had_agent) {  // the transfer was done, or would have been
    const std::string device = devices_.device_of(*second);
    if (device.empty() || !agents_.at_device(device)) return procedure_.adopt_other(call, *mine, *second);
    agents = std::exchange(second, nullptr);
    const std::string first = std::exchange(call.agent_device, device);
    call.agent = agents_.at_device(device)->no;
    journal(ev::Transferred{call.id, first, device, agents_.at(call.agent).id, Cause::transfer});
    call.was_held = false;
  }
  if (call.agent != acd::AgentNo::none) {
    acd::Agent& agent = agents_.at(call.agent);
    const bool talking = call.had_agent && agent.state == AgentState::agentBusy && agent.call == call.id;
    const bool rings = had_queue && agent.state == AgentState::agentReady;
    if (agents && (talking || rings)) {
      call.agent_leg = agents->leg;
      devices_.found(LegRole::agent, call.id, agent.device, *agents);
      if (talking) {
        call.recovered = false;
        call.phase = Phase::talking;
        const bool was_held = std::exchange(call.was_held, false);
        if (!is_up(*agents)) return procedure_.adopt_recalling(call);
        if (second && is_up(*second)) return procedure_.adopt_three(call, *mine, *agents, *second, was_held);
        if (agents->connected_to != call.leg) send(board::cmd::Connect{call.leg, call.agent_leg});
        if (was_held) journal(ev::Retrieved{call.id, call.agent_device, caller_name(call), Cause::normal});  // the consultation is over
        if (mine->tag.mode == board::Mode::queued) tag(call.leg, call.id, board::Mode::connected);
        return;
      }
      if (!devices_.is_line(call.agent_leg)) phone(agent.device).off_hook = false;  // off-hook is his answer
      phone_changed(agent.device);
      call.phase = Phase::ringing;
      (void)agent_event(agent, AgentEvent::reserve, {}, call.id);
      call.queue_until = (call.booked ? timers_.now() : call.queued_at) + config_.queues[acd::index(call.queue)].timeout;
      guarded(call.queue_timer, std::max(call.queue_until - timers_.now(), Duration{0}), [this, cid = call.id] {
        if (Call* c = find(cid)) queue_timed_out(*c);
      });
      if (const Duration first = config_.queues[acd::index(call.queue)].announce.first; first > 0us) announce_after(call, first);
      if (rings_all(call)) adopt_mates(call, s);
      limit_ringing(call);
      if (is_up(*agents) && !devices_.asks_again(agent.device)) agent_answers(call);
      return;
    }
    call.agent = acd::AgentNo::none;
    call.agent_device.clear();
    if (agent.state == AgentState::agentBusy && agent.call == call.id) agent_event(agent, AgentEvent::call_ended);
  }
  resume_held(call, *mine);
}

// Its leg is found; nobody is with it. Where does it go on?
void Center::resume_held(Call& call, const board::LegSnapshot& leg) {
  call.up = call.answer_sent = is_up(leg);
  const bool left_waiting = call.had_agent && leg.tag.mode == board::Mode::queued;  // on hold, or transferred
  if (call.booked) return left_waiting ? procedure_.wait_again(call, acd::QueueNo::none) : clear(call, 16);  // its script was at its last words
  if (leg.state == board::LegState::overlap || (call.incomplete && !call.number)) {
    advance(call, CallEvent::more_digits);
    return tag(call.leg, call.id, board::Mode::none);
  }
  if (!call.number) return begin(call);  // refused
  const bool queued = call.recovered && call.queue != acd::QueueNo::none;
  if (!call.up && !queued) {
    advance(call, CallEvent::resume);
    return begin(call);
  }
  if (call.up && leg.recording && call.recording.empty()) journal(ev::RecordingStarted{call.id, call.recording = recording_name(call, "")});  // we died before that was on the disk
  if (call.up && !leg.recording) record(call, call.recording.empty() ? "" : "-2");
  if (queued) {
    answer(call);
    return enqueue(call, call.queue, {});
  }
  listen(call);
  to_number_queue(call);  // it was in a script, or boardd has answered it with its announcement
}

// The link came back, the call is up, but something that we said was not heard.
void Center::mend(Call& call) {
  call.broken = false;
  call.announcing.speaking = false;
  switch (call.phase) {
    case Phase::captured: return end_captured(call);
    case Phase::clearing: return send(board::cmd::Clear{call.leg, 16});
    case Phase::queued:
    case Phase::ringing:
      send(board::cmd::Music{call.leg});
      hear_key(call);
      return tag(call.leg, call.id, board::Mode::queued);
    case Phase::talking:
      if (call.consult.phase != ConsultPhase::none) return procedure_.mend_consultation(call);
      send(board::cmd::Connect{call.leg, call.agent_leg});
      tag(call.leg, call.id, board::Mode::connected);
      return tag(call.agent_leg, call.id, board::Mode::connected);
    case Phase::forwarding: return procedure_.hold_leg(call, call.leg);
    case Phase::joined:
      send(board::cmd::Connect{call.leg, call.agent_leg});
      tag(call.leg, call.id, board::Mode::connected);
      return tag(call.agent_leg, call.id, board::Mode::connected);
    case Phase::script:
    case Phase::fallback:
      end_script(call);
      if (call.phase == Phase::script) return fall_back(call, Error{"the board was away", {}, {}});
      return to_number_queue(call);
    case Phase::null:
    case Phase::held:
    case Phase::overlap:
    case Phase::count_: return;
  }
}

void Center::adopt(OutCall& out, const board::Snapshot& s) {
  out.recovered = false;
  const auto id = to_number(out.id);
  const acd::Agent* callee = out.callee == acd::AgentNo::none ? nullptr : &agents_.at(out.callee);
  const auto* far = find_leg(s, [&](const auto& l) { return l.tag.call == id && (callee ? devices_.device_of(l) == callee->device : l.outgoing && devices_.device_of(l).empty()); });
  const auto* near = find_leg(s, [&](const auto& l) {
    const std::string device = l.tag.call == id && &l != far ? devices_.device_of(l) : std::string();
    return !device.empty() && (out.station.empty() || device == out.station);
  });
  if (near) {
    out.near = near->leg;
    out.station = devices_.device_of(*near);
    devices_.found(LegRole::near, out.id, out.station, *near);
  }
  if (far && callee) {
    out.far = far->leg;
    devices_.found(LegRole::far, out.id, callee->device, *far);
  } else if (far) {
    out.far = far->leg;
    out.span = far->span;
    out.channel = far->channel;
    count_span(out.span, 1);
    legs_[far->leg] = {LegRole::far, out.id, {}, link_};
    if (!std::exchange(out.dialled, true)) {  // we died between the board's command and the disk
      out.called = far->called;
      journal(ev::Originated{out.id, out.calling, out.called, out.agent == acd::AgentNo::none ? std::string() : agents_.at(out.agent).id, Cause::makeCall});
    }
  }
  if (!near || !far) return clear_out(out, 16);
  const bool up = is_up(*far);
  if (callee && (up ? callee->state != AgentState::agentBusy || callee->call != out.id : !agent_event(agents_.at(out.callee), AgentEvent::reserve, {}, out.id))) {
    out.callee = acd::AgentNo::none;
    return clear_out(out, 16);
  }
  out.phase = up ? OutPhase::established : far->state == board::LegState::alerting || far->state == board::LegState::delivered ? OutPhase::delivered : OutPhase::dialing;
  out.established = up;
  if (up && far->connected_to != out.near) send(board::cmd::Connect{out.near, out.far});
  if (callee && !up) limit_callee(out);
  if (out.place != CallId::none) places_.adopted(out);
}

// No call of ours: cleared. A phone that went off-hook while we were away hears busy tone until it hangs up.
void Center::take_stranger(const board::LegSnapshot& leg) {
  if (devices_.keep_line(leg)) return;
  ++counters_.unknown_legs;
  legs_[leg.leg] = {LegRole::gone, CallId::none, leg.station, link_};
  if (!leg.station.empty()) phone(leg.station).leg = leg.leg;
  if (leg.state != board::LegState::clearing) send(board::cmd::Clear{leg.leg, 16});
}

}  // namespace sr::app
