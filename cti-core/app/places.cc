// A caller left his number and keeps his place: the place stands in its queue as the call did. When its turn comes an agent's phone rings
// with the customer on his screen; when he has lifted it the customer is dialled, so nobody is called into silence. Who is not reached in
// some tries, or has waited too long, goes to the callback list.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;

Places::~Places() {
  for (auto& [id, place] : places_) c_.stop(place.timer);
}

const Place* Places::find(CallId call) const {
  const auto it = places_.find(call);
  return it == places_.end() ? nullptr : &it->second;
}
Place* Places::at(CallId call) {
  const auto it = places_.find(call);
  return it == places_.end() ? nullptr : &it->second;
}

bool Places::keeps(const std::string& number) const {
  return std::ranges::any_of(places_, [&](const auto& one) { return one.second.number == number; });
}

Status Places::keep(Call& call, const std::string& number) {
  if (call.booked) return fail("the outcome of this call is booked already");
  if (!call.left) return fail("the call has no place to keep: it did not leave a queue by its key");
  const std::string customer = loss::customer_number(number);
  if (customer.size() < kPlaceDigitsMin || customer.size() > kPlaceDigitsMax) return fail("'" + number.substr(0, 40) + "' is no number that can be called");
  if (c_.config_.outgoing_group.empty()) return fail("no trunk group for outgoing calls is configured");
  const acd::QueueNo queue = call.left->queue;
  const QueueConfig& q = c_.config_.queues[acd::index(queue)];
  const loss::CallbackTask* task = c_.callbacks_.of(customer);
  const bool has_one = task && task->kind == kCallbackPlace;  // from an earlier call, and nearer
  const auto kept = static_cast<std::size_t>(std::ranges::count_if(places_, [&](const auto& one) { return one.second.queue == queue; }));
  if (!has_one && kept >= q.callback.max) return fail("there are " + std::to_string(kept) + " kept places in " + q.name + " already");
  call.booked = true;
  const std::string called = call.number ? call.number->number : call.called;
  c_.journal(ev::Lost{call.id, LossStage::place_kept, has_one ? "has kept a place already" : "left his number", true});
  c_.callback_wanted(call.id, customer, {kCallbackPlace, called, q.name, call.spot, {}});
  if (has_one) return {};
  Place& place = places_[call.id];
  place = {.call = call.id, .queue = queue, .priority = call.priority, .since = call.left->since, .number = customer, .called = called, .data = call.data};
  c_.journal(ev::PlaceKept{call.id, q.name, customer, place.priority, place.since});
  happens(place, PlaceEvent::kept);
  return {};
}

void Places::happens(Place& place, PlaceEvent event, const std::string& outcome) {
  const auto* row = fsm::find(kPlaceTable, place.state, event);
  if (!row) {
    ++c_.counters_.no_row;
    return log::warn("place {}: {} in state {}", to_number(place.call), boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(place.state, "?"));
  }
  log::info("place {} {} -> {}: {}", to_number(place.call), boost::describe::enum_to_string(place.state, "?"), boost::describe::enum_to_string(row->to, "?"),
            boost::describe::enum_to_string(event, "?"));
  place.state = row->to;
  const PlaceConfig& config = c_.config_.queues[acd::index(place.queue)].callback;
  switch (row->act) {
    case PlaceAction::rest: return;
    case PlaceAction::stand_in_line:
      c_.waiting_.add(place.queue, {place.call, place.priority, place.since, acd::AgentNo::none});
      c_.want_match_ = true;
      return c_.guarded(place.timer, std::max(place.since + config.keep - c_.timers_.now(), Duration{0}), [this, id = place.call] {
        if (Place* p = at(id)) give_up(*p, "nobody was free in time");
      });
    case PlaceAction::call:
      c_.waiting_.remove(place.call);
      return c_.stop(place.timer);
    case PlaceAction::pause:
      c_.waiting_.remove(place.call);
      return c_.guarded(place.timer, config.pause, [this, id = place.call] {
        if (Place* p = at(id)) happens(*p, PlaceEvent::try_again);
      });
    case PlaceAction::close: return close(place, outcome);
  }
}

// A call that is being made for it and has not reached him is cleared: he has got through by himself, or a client closed his task.
void Places::close(Place& place, const std::string& outcome) {
  const CallId id = place.call, callback = place.callback;
  c_.waiting_.remove(id);
  c_.stop(place.timer);
  c_.want_match_ = true;
  c_.journal(ev::PlaceClosed{id, outcome});
  places_.erase(id);
  OutCall* out = c_.find_out(callback);
  if (!out) return;
  out->place = CallId::none;
  if (!out->established) c_.clear_out(*out, 16);
}

void Places::call_ended(CallId call) {
  Place* place = at(call);
  if (place && place->state == PlaceState::resting) happens(*place, PlaceEvent::hung_up);
}

void Places::call_back(const acd::Pair& pair) {
  Place& place = *at(pair.call);
  if (c_.outs_.size() >= kCallsMax || !c_.store_.healthy() || c_.config_.outgoing_group.empty()) return happens(place, PlaceEvent::no_room);
  acd::Agent& agent = c_.agents_.at(pair.agent);
  const CallId id = c_.next_call_;
  c_.next_call_ = CallId{to_number(id) + 1};
  SR_ENSURE(c_.agent_event(agent, AgentEvent::reserve, {}, id));
  happens(place, PlaceEvent::reserve);
  place.callback = id;
  OutCall& out = c_.outs_[id];
  out = {.id = id, .station = agent.device, .calling = agent.device, .called = place.number, .agent = agent.no, .begun_at = c_.timers_.now()};
  out.place = place.call;
  out.near = c_.devices_.seize(LegRole::near, id, agent.device);
  c_.advance(out, OutEvent::ring_phone);
  const auto value = [&](const char* key) {
    const auto it = place.data.find(key);
    return it == place.data.end() ? std::string() : it->second;
  };
  c_.journal(ev::ServiceInitiated{id, agent.device});
  c_.journal(ev::PlaceCalled{place.call, id, agent.id});
  c_.journal(ev::Delivered{id, agent.device, agent.id, place.number, place.called, c_.config_.queues[acd::index(place.queue)].name, value("customer"), value("last_order"), Cause::distributed});
  c_.devices_.alert(agent.device, place.number, value("customer"));
  c_.guarded(out.timer, c_.config_.no_answer, [this, id] {
    OutCall* o = c_.find_out(id);
    if (!o || o->phase != OutPhase::phone_rings) return;
    o->missed = c_.devices_.in_vain(o->station, Miss::no_answer);
    c_.clear_out(*o, 19);
  });
}

void Places::near_released(OutCall& out, int cause) {
  if (out.place == CallId::none || out.phase != OutPhase::phone_rings) return;
  out.missed = c_.devices_.in_vain(out.station, c_.devices_.miss_of(out.station, cause));
}

void Places::agent_answered(OutCall& out) {
  acd::Agent& agent = c_.agents_.at(out.agent);
  c_.agent_event(agent, AgentEvent::answered, {}, out.id);
  if (const Place* place = find(out.place)) {
    agent.serves_for = place->queue;
    agent.busy_since = c_.timers_.now();
  }
  c_.dial(out, c_.config_.outgoing_group, c_.config_.outgoing_calling);
  limit_ringing(out);
}

void Places::limit_ringing(OutCall& out) {
  const Place* place = find(out.place);
  c_.guarded(out.timer, place ? c_.config_.queues[acd::index(place->queue)].callback.ring : c_.config_.no_answer, [this, id = out.id] {
    if (OutCall* o = c_.find_out(id); o && !o->established) c_.clear_out(*o, 19);
  });
}

void Places::adopted(OutCall& out) {
  if (!out.established) return limit_ringing(out);
  c_.journal(ev::Established{out.id, out.called, out.agent == acd::AgentNo::none ? std::string() : c_.agents_.at(out.agent).id, out.calling, out.called, Cause::normal});
  reached(out);
}

void Places::reached(const OutCall& out) {
  const Place* place = find(out.place);
  if (!place) return;
  const loss::CallbackTask* task = c_.callbacks_.of(place->number);
  if (task && task->kind == kCallbackPlace) return c_.end_callback(*task, "reached", out.id);  // and with it the place
  happens(*at(out.place), PlaceEvent::over, "reached");
}

void Places::call_over(OutCall& out, int cause) {
  Place* place = at(out.place);
  if (!place || out.established) return;
  place->callback = CallId::none;
  constexpr int kFault = 41;  // ours
  if (!out.dialled || cause == kFault) return happens(*place, PlaceEvent::agent_missed);
  ++place->tries;
  c_.journal(ev::PlaceTried{place->call, out.id, place->tries, cause});
  if (place->tries < c_.config_.queues[acd::index(place->queue)].callback.tries) return happens(*place, PlaceEvent::not_reached);
  give_up(*place, cause == 17 ? "busy" : cause == 16 || cause == 18 || cause == 19 || cause == 102 ? "no answer" : "not reached, cause " + std::to_string(cause));
}

void Places::give_up(Place& place, const std::string& why) {
  const CallId id = place.call;
  const std::string customer = place.number;
  const CallbackWish wish{kCallbackPromised, place.called, c_.config_.queues[acd::index(place.queue)].name, {}, {}};
  happens(place, PlaceEvent::over, "callback list: " + why);
  c_.callback_wanted(id, customer, wish);
}

void Places::customer_over(const std::string& number, const std::string& outcome) {
  for (auto& [id, place] : places_)
    if (place.number == number) return happens(place, PlaceEvent::over, outcome);
}

void Places::restore(const std::vector<RecoveredPlace>& places) {
  for (const auto& r : places) {
    const acd::QueueNo queue = c_.queue_no(r.queue);
    if (queue == acd::QueueNo::none) {  // no longer configured
      c_.defer([this, r] {
        c_.journal(ev::PlaceClosed{r.call, "callback list: no such queue"});
        c_.callback_wanted(r.call, r.number, {kCallbackPromised, r.called, r.queue, {}, {}});
      });
      continue;
    }
    Place& place = places_[r.call];
    place = {.call = r.call, .queue = queue, .priority = r.priority, .since = r.since, .number = r.number, .called = r.called, .tries = r.tries, .data = r.data};
    if (OutCall* out = c_.find_out(r.callback)) {
      place.state = PlaceState::called;
      place.callback = r.callback;
      out->place = r.call;
      out->called = r.number;
    } else if (c_.calls_.contains(r.call)) {
      place.state = PlaceState::resting;
    } else {
      happens(place, PlaceEvent::hung_up);
    }
  }
}

std::string Places::explain(const Place& place) const {
  std::string out = "call " + std::to_string(to_number(place.call)) + " has ended; its place is kept for " + place.number + " in " + c_.config_.queues[acd::index(place.queue)].name + ": ";
  if (place.state == PlaceState::waiting) {
    out += "place " + std::to_string(c_.waiting_.in_front(place.call) + 1) + " of " + std::to_string(c_.waiting_.size(place.queue));
  } else if (place.state == PlaceState::called) {
    out += "call " + std::to_string(to_number(place.callback)) + " is being made for it";
  } else {
    out += place.state == PlaceState::paused ? "paused until the next try" : "he has not hung up yet";
  }
  return out + ", called back in vain " + std::to_string(place.tries) + " times";
}

std::string Places::check() const {
  for (const auto& [id, place] : places_) {
    const std::string name = "place " + std::to_string(to_number(id));
    if ((place.state == PlaceState::waiting) != (c_.waiting_.find(id) != nullptr)) return name + ": waits, or stands in a line, but not both";
    const auto out = c_.outs_.find(place.callback);
    const bool called = out != c_.outs_.end() && out->second.place == id;
    if ((place.state == PlaceState::called) != called) return name + ": is being called, or has a call, but not both";
    if (place.state == PlaceState::resting && !c_.calls_.contains(id)) return name + ": rests, but its call is over";
  }
  return {};
}

}  // namespace sr::app
