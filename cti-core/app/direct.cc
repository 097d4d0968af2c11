// Calls to one certain agent: dialled from another phone of ours by his number, or from outside by a number of his own. They count in his
// tally and in no queue's handling time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;

// False: he is not there, or not idle.
bool Center::call_agent(const std::string& station, const std::string& wanted) {
  acd::Agent* callee = agents_.find(wanted);
  acd::Agent* caller = agents_.at_device(station);
  if (!callee || callee == caller || callee->state != AgentState::agentReady || !phone_idle(callee->device)) return false;
  OutCall* const begun = begin_at(station, callee->id);
  if (!begun) return false;
  OutCall& out = *begun;
  const CallId id = out.id;
  SR_ENSURE(agent_event(*callee, AgentEvent::reserve, {}, id));
  out.callee = callee->no;
  advance(out, OutEvent::dial);
  journal(ev::Originated{id, station, callee->id, caller ? caller->id : std::string(), Cause::makeCall});
  advance(out, OutEvent::alerting);
  out.far = devices_.seize(LegRole::far, id, callee->device);
  journal(ev::Delivered{id, callee->device, callee->id, station, callee->id, {}, {}, {}, Cause::newCall});
  send(board::cmd::Tone{out.near, "ringback"});
  devices_.alert(callee->device, station, caller ? caller->name : std::string());
  limit_callee(out);
  return true;
}

void Center::limit_callee(OutCall& out) {
  guarded(out.timer, config_.no_answer, [this, id = out.id] {
    OutCall* o = find_out(id);
    if (!o || o->established) return;
    agent_event(agents_.at(std::exchange(o->callee, acd::AgentNo::none)), AgentEvent::no_answer, "no answer");
    clear_out(*o, 19);
  });
}

void Center::callee_leaves(OutCall& out) {
  const acd::AgentNo no = std::exchange(out.callee, acd::AgentNo::none);
  if (no == acd::AgentNo::none) return;
  acd::Agent& callee = agents_.at(no);
  agent_event(callee, callee.state == AgentState::agentBusy ? AgentEvent::call_ended : AgentEvent::caller_gone, {}, out.id);
}

// A number of his own: him while he is idle, or soon will be; then the number's queue.
void Center::to_agent(Call& call) {
  const NumberConfig& n = *call.number;
  to_number_queue(call, {.queue = n.queue, .agent = n.agent, .agent_wait = n.agent_wait});
}

}  // namespace sr::app
