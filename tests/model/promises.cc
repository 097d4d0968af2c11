// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/promises.h"

#include <algorithm>
#include <type_traits>

namespace sr::test {
namespace {
constexpr const char* kPlace = "place";
}

Promises::Promises(const Recovered& recovered) {
  for (const auto& call : recovered.calls)
    if (!call.outgoing) callers_[call.call] = call.calling;
  for (const auto& place : recovered.places) {
    const bool called = std::ranges::find(recovered.calls, place.callback, &RecoveredCall::call) != recovered.calls.end();  // else it is over
    places_[place.call] = {place.number, called ? place.callback : CallId::none, false, place.tries};
    if (called) made_for_[place.callback] = place.call;
  }
  for (const auto& task : recovered.callbacks) tasks_[task.customer] = {task.callback, task.kind};
}

bool Promises::hear(const JournalRow& row) {
  return std::visit([this]<class E>(const E& e) {
    if constexpr (std::is_same_v<E, ev::Offered>) callers_[e.call] = e.calling;
    if constexpr (std::is_same_v<E, ev::CallCleared>) cleared(e.call);
    if constexpr (requires { take(e); }) take(e);
    return E::kName.starts_with("place") || E::kName.starts_with("callback");
  }, row.event);
}

void Promises::say(CallId call, const std::string& what) {
  if (wrong_.empty()) wrong_ = "call " + std::to_string(to_number(call)) + ": " + what;
}

// ---- places ---------------------------------------------------------------------------------------------------------

void Promises::take(const ev::PlaceKept& e) {
  if (std::ranges::any_of(places_, [&](const auto& p) { return p.second.customer == e.number; })) say(e.call, "a second place of " + e.number);
  places_[e.call] = {.customer = e.number};
}

void Promises::take(const ev::PlaceCalled& e) {
  const auto it = places_.find(e.call);
  if (it == places_.end()) return say(e.call, "called back, and it keeps no place");
  if (it->second.callback != CallId::none) say(e.call, "called back by two calls at once");
  it->second.callback = e.callback;
  made_for_[e.callback] = e.call;
}

void Promises::take(const ev::Established& e) {
  const auto made = made_for_.find(e.call);
  const auto it = made == made_for_.end() ? places_.end() : places_.find(made->second);
  if (it == places_.end() || e.answeringDevice != it->second.customer) return;
  if (it->second.reached) say(it->first, "reached twice");
  it->second.reached = true;
}

void Promises::take(const ev::PlaceTried& e) {
  const auto it = places_.find(e.call);
  if (it == places_.end()) return say(e.call, "tried, and it keeps no place");
  if (it->second.callback != e.callback || it->second.reached || e.tries != ++it->second.tries) say(e.call, "tried by another call, or after it was reached, or miscounted");
}

void Promises::take(const ev::PlaceClosed& e) {
  const auto it = places_.find(e.call);
  if (it == places_.end()) return say(e.call, "its place ends, and it keeps none");
  if (e.outcome.empty()) say(e.call, "its place ends without a cause");
  if (it->second.reached != (e.outcome == "reached")) say(e.call, "its place ends as '" + e.outcome + "', and he was " + (it->second.reached ? "reached" : "not reached"));
  if (e.outcome.starts_with("callback list")) owed_.insert(e.call);
  places_.erase(it);
}

void Promises::cleared(CallId call) {
  callers_.erase(call);
  const auto made = made_for_.find(call);
  if (made == made_for_.end()) return;
  if (const auto it = places_.find(made->second); it != places_.end() && it->second.callback == call) it->second.callback = CallId::none;
  made_for_.erase(made);
}

// ---- the callback list ----------------------------------------------------------------------------------------------

void Promises::take(const ev::Lost& e) {
  const auto caller = callers_.find(e.call);
  const bool withheld = caller == callers_.end() || caller->second.empty();
  if (e.stage == LossStage::captured && withheld != (e.reason == "number withheld")) say(e.call, "captured as '" + e.reason + "'");
  if ((e.stage == LossStage::captured && !withheld) || e.stage == LossStage::place_kept) owed_.insert(e.call);
}

void Promises::take(const ev::CallbackOpened& e) {
  if (tasks_.contains(e.customer)) say(e.call, e.customer + " is in the callback list twice");
  tasks_[e.customer] = {e.call, e.kind};
  owed_.erase(e.call);
}

void Promises::take(const ev::CallbackUpdated& e) {
  const auto it = std::ranges::find_if(tasks_, [&](const auto& task) { return task.second.callback == e.callback; });
  if (it == tasks_.end()) return say(e.call, "joins a task that is not open");
  it->second.kind = e.kind;
  owed_.erase(e.call);
}

void Promises::take(const ev::CallbackClosed& e) {
  const auto it = tasks_.find(e.customer);
  if (it == tasks_.end() || it->second.callback != e.callback) return say(e.callback, "a task is closed that is not open");
  tasks_.erase(it);
}

// ---- after a step ---------------------------------------------------------------------------------------------------

void Promises::look(const std::string& callbacks_json) {
  for (const CallId call : owed_) say(call, "promised to be called back, and in no list");
  owed_.clear();
  for (const auto& [call, place] : places_) {
    const auto task = tasks_.find(place.customer);
    if (place.reached) say(call, "reached, and still to be called back");
    if (task == tasks_.end() || task->second.kind != kPlace) say(call, "keeps a place, and the callback list does not say so");
  }
  std::size_t shown = 0;
  for (auto at = callbacks_json.find("\"customer\""); at != std::string::npos; at = callbacks_json.find("\"customer\"", at + 1)) ++shown;
  if (shown != tasks_.size()) say(CallId::none, std::to_string(tasks_.size()) + " tasks are open in the journal, " + std::to_string(shown) + " are shown");
  for (const auto& [customer, task] : tasks_) {
    if (callbacks_json.find("\"customer\":\"" + customer + "\",\"kind\":\"" + task.kind + "\"") == std::string::npos) say(task.callback, "the task of " + customer + " is shown otherwise");
    const bool kept = std::ranges::any_of(places_, [&](const auto& p) { return p.second.customer == customer; });
    if (task.kind == kPlace && !kept) say(task.callback, "waits for the turn of a place that nobody keeps");
  }
}

std::string Promises::open() const {
  return places_.empty() ? std::string() : "call " + std::to_string(to_number(places_.begin()->first)) + ": its place is kept for ever";
}

}  // namespace sr::test
