// What a Lua script asks for. A coroutine of the engine is on the stack here: whatever answers it is deferred.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "cti-core/app/queue_words.h"
#include "drivers/base/log.h"

namespace sr::app {

void Center::script_answer(CallId id) {
  Call* call = find_script(id);
  if (!call) return;
  if (call->up) {
    defer([this, id] {
      if (find_script(id)) engine_->on_answered(id);
    });
    return;
  }
  call->script_waits_answer = true;
  answer(*call);
}

void Center::script_play(CallId id, std::uint32_t play, std::vector<std::string> prompts, bool barge_in) {
  Call* call = find_script(id);
  if (!call || call->phase != Phase::script) return;
  if (prompts.size() > board::kPlayItemsMax) {
    log::warn("call {}: {} prompts in one play, {} are played", to_number(id), prompts.size(), board::kPlayItemsMax);
    prompts.resize(board::kPlayItemsMax);
  }
  send(board::cmd::Play{call->leg, play, std::move(prompts), barge_in});
}

void Center::script_stop_play(CallId id) {
  if (Call* call = find_script(id); call && call->phase == Phase::script) send(board::cmd::Silence{call->leg});
}

void Center::script_queue(CallId id, const ivr::QueueRequest& request) {
  Call* call = find_script(id);
  if (!call || call->phase != Phase::script) return;
  const auto answer_later = [&](ivr::QueueEnd end) {
    note_end(*call, request.queue, in_words(request), end, {});
    defer([this, id, end] {
      if (Call* c = find_script(id); c && c->phase == Phase::script) engine_->on_queue_ended(id, end);
    });
  };
  if (++call->queue_requests > kQueueRequestsMax) {
    defer([this, id] {
      Call* c = find(id);
      if (!c) return;
      end_script(*c);
      fall_back(*c, Error{"more than " + std::to_string(kQueueRequestsMax) + " queue requests in one call", {}, {}});
    });
    return;
  }
  acd::QueueNo queue = queue_no(request.queue);
  if (queue == acd::QueueNo::none && call->number && request.queue == call->number->queue) queue = queue_of_number(*call);  // went since the script began
  if (queue == acd::QueueNo::none) log::warn("call {}: script asks for queue '{}', which there is not", to_number(id), request.queue);
  const bool over = call->booked && !call->had_agent;  // served or lost: it cannot be answered any more
  if (queue == acd::QueueNo::none || over || !queue_open(queue) || (call->number && !number_open(*call->number))) {
    call->queue_end = LossStage::closed;
    return answer_later(ivr::QueueEnd::closed);
  }
  if (staffing_.empty(queue)) {
    call->queue_end = LossStage::empty;
    return answer_later(ivr::QueueEnd::empty);
  }
  const bool returns = call->left && call->left->queue == queue;  // to his place
  if (!returns && waiting_.size(queue) >= config_.queues[acd::index(queue)].length_max) {
    call->queue_end = LossStage::full;
    return answer_later(ivr::QueueEnd::full);
  }
  const acd::Agent* wanted = request.agent.empty() ? nullptr : agents_.find(request.agent);
  const bool anybody = !agents_.idle().line(queue).empty() || (wanted && (agents_.idle().contains(wanted->no) || request.agent_wait > 0us));
  if (request.only_if_idle && !anybody) return answer_later(ivr::QueueEnd::timeout);
  const bool works = wanted && wanted->state != acd::AgentState::agentNull && wanted->state != acd::AgentState::agentNotReady;
  if (request.only_agent && (!works || (request.agent_wait == 0us && !agents_.idle().contains(wanted->no)))) return answer_later(ivr::QueueEnd::timeout);
  answer(*call);
  enqueue(*call, queue, request, returns ? call->left->since : Instant{});
  if (depth_ == 0) defer([] {});  // the match comes in this turn's end or the next turn
}

void Center::script_dial(CallId id, const ivr::DialRequest& request) {
  Call* call = find_script(id);
  if (!call || call->phase != Phase::script) return;
  const std::string& group = request.group.empty() ? config_.outgoing_group : request.group;
  if (call->child != CallId::none || group.empty() || request.called.empty() || outs_.size() >= kCallsMax || !store_.healthy()) {
    defer([this, id] {
      if (find_script(id)) engine_->on_dial_ended(id, ivr::DialEnd::failed);
    });
    return;
  }
  const CallId child = next_call_;
  next_call_ = CallId{to_number(child) + 1};
  OutCall& out = outs_[child];
  out = {.id = child, .near = call->leg, .parent = id, .station = "ivr", .calling = call->calling, .called = request.called, .begun_at = timers_.now()};
  call->child = child;
  answer(*call);
  journal(ev::ServiceInitiated{child, "ivr"});
  dial(out, group, request.calling.empty() ? config_.outgoing_calling : request.calling);
  guarded(out.timer, request.timeout, [this, child] {
    if (OutCall* o = find_out(child); o && !o->established) clear_out(*o, 19);
  });
}

void Center::script_hangup(CallId id, int q850) {
  Call* call = find_script(id);
  if (!call || call->phase == Phase::clearing) return;
  if (!call->booked && !call->answer_sent) book_lost(*call, LossStage::rejected, "rejected by the script");
  else if (!call->booked) book_lost(*call, call->queue_end.value_or(stage_of(call->phase)), "hung up by the script");
  clear(*call, q850);
}

Status Center::script_served(CallId id, const std::string& reason) {
  Call* call = find_script(id);
  if (!call) return fail("the call has ended");
  if (call->booked) return fail("the outcome of this call is booked already");
  if (call->phase != Phase::script) return fail("the call is in a queue");
  call->booked = true;
  journal(ev::Served{id, reason});
  return {};
}

Status Center::script_keep_place(CallId id, const std::string& number) {
  Call* call = find_script(id);
  if (!call || call->phase != Phase::script) return fail("the call has ended");
  return places_.keep(*call, number);
}

void Center::script_lost(CallId id, LossStage stage, const std::string& reason, bool callback) {
  Call* call = find_script(id);
  if (!call || call->phase != Phase::script) return;
  if (call->booked && callback) {  // an agent had him; the promise counts all the same
    (void)call_set_data(id, "callback", reason.empty() ? "promised" : reason);
    callback_wanted(*call, kCallbackPromised);
  }
  book_lost(*call, stage, reason, callback);
}

void Center::script_set_data(CallId id, const std::string& key, const std::string& value) {
  const Call* call = find_script(id);
  if (call) (void)call_set_data(id, key, value);
}

void Center::script_finished(CallId id) {
  Call* call = find_script(id);
  if (!call) return;
  call->script = false;
  if (call->phase == Phase::clearing) return;
  if (!call->booked) book_lost(*call, call->queue_end.value_or(stage_of(call->phase)), "the script ended");
  clear(*call, 16);
}

void Center::script_failed(CallId id, const Error& error) {
  Call* call = find_script(id);
  if (!call) return;
  call->script = false;
  call->script_waits_answer = false;
  fall_back(*call, error);
}

bool Center::queue_exists(const std::string& queue) const { return queue_nos_.contains(queue); }
bool Center::prompt_exists(const std::string& prompt) const { return !prompt_exists_ || prompt_exists_(prompt); }
int Center::agents_idle(const std::string& queue) const {
  const acd::QueueNo q = queue_no(queue);
  return q == acd::QueueNo::none ? 0 : static_cast<int>(agents_.idle().line(q).size());
}
int Center::calls_waiting(const std::string& queue) const {
  const acd::QueueNo q = queue_no(queue);
  return q == acd::QueueNo::none ? 0 : static_cast<int>(waiting_.size(q));
}

}  // namespace sr::app
