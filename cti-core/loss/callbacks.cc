// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/loss/callbacks.h"

namespace sr::loss {

std::string customer_number(std::string_view calling) {
  std::string out;
  for (const char c : calling)
    if (c >= '0' && c <= '9') out += c;
  return out;
}

const CallbackTask* Callbacks::of(const std::string& customer) const {
  const auto it = by_customer_.find(customer);
  return it == by_customer_.end() ? nullptr : find(it->second);
}

const CallbackTask* Callbacks::find(CallId callback) const {
  const auto it = tasks_.find(callback);
  return it == tasks_.end() ? nullptr : &it->second;
}

void Callbacks::add(CallbackTask task) {
  by_customer_[task.customer] = task.callback;
  tasks_[task.callback] = std::move(task);
}

void Callbacks::update(CallId callback, CallId call, Instant at, std::string kind, std::optional<Instant> due) {
  const auto it = tasks_.find(callback);
  if (it == tasks_.end()) return;
  CallbackTask& task = it->second;
  if (task.last_call != call) ++task.calls;
  task.last_call = call;
  task.last_at = at;
  task.kind = std::move(kind);
  task.due = due;
}

void Callbacks::close(CallId callback) {
  const auto it = tasks_.find(callback);
  if (it == tasks_.end()) return;
  by_customer_.erase(it->second.customer);
  tasks_.erase(it);
}

}  // namespace sr::loss
