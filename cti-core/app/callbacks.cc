// The callback list: opened when a caller with a number is lost, one task per customer; closed when he reaches an agent by himself, or
// by a client.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/json.h"
#include "drivers/base/log.h"

namespace sr::app {

namespace view {
struct CallbackView {
  std::uint64_t callback = 0;
  std::string customer, kind, number, queue, spot;
  std::optional<Instant> due;
  Instant opened_at{}, last_at{};
  std::uint64_t last_call = 0;
  std::uint32_t calls = 0;
};
BOOST_DESCRIBE_STRUCT(CallbackView, (), (callback, customer, kind, number, queue, spot, due, opened_at, last_at, last_call, calls))
}  // namespace view

void Center::restore_callbacks(const std::vector<RecoveredCallback>& callbacks) {
  for (const auto& r : callbacks)
    callbacks_.add({r.callback, r.last_call, r.customer, r.kind, r.number, r.queue, r.spot, r.due, r.opened_at, r.last_at, r.calls});
}

// A task that waits for a certain time, or for his turn, stays what it is when he is lost once more; his turn also when he is promised a call.
void Center::callback_wanted(CallId call, const std::string& calling, const CallbackWish& wish) {
  const std::string customer = loss::customer_number(calling);
  if (customer.empty()) return;
  const Instant now = here();
  if (const loss::CallbackTask* task = callbacks_.of(customer)) {
    const bool keeps = wish.kind == kCallbackLost || (task->kind == kCallbackPlace && places_.keeps(customer));
    const std::string kind = keeps ? task->kind : wish.kind;
    const std::optional<Instant> due = keeps ? task->due : wish.due;
    const CallId id = task->callback;
    callbacks_.update(id, call, now, kind, due);
    return journal(ev::CallbackUpdated{call, id, kind, due});
  }
  if (callbacks_.full() || callbacks_.find(call)) {
    if (++counters_.callbacks_refused % 1000 == 1) log::error("call {}: not in the callback list: {} tasks are open (ctictl callbacks close)", to_number(call), loss::kCallbacksMax);
    return;
  }
  callbacks_.add({call, call, customer, wish.kind, wish.number, wish.queue, wish.spot, wish.due, now, now, 1});
  journal(ev::CallbackOpened{call, customer, wish.kind, wish.number, wish.queue, wish.spot, wish.due});
}

void Center::callback_wanted(const Call& call, std::string kind, std::optional<Instant> due) {
  callback_wanted(call.id, call.calling, {std::move(kind), call.number ? call.number->number : call.called, call.number ? call.number->queue : "", call.spot, due});
}

void Center::got_through(const Call& call) {
  const loss::CallbackTask* task = callbacks_.of(loss::customer_number(call.calling));
  if (task) end_callback(*task, "got through", call.id);
}

void Center::end_callback(const loss::CallbackTask& task, const std::string& outcome, CallId by) {
  const CallId id = task.callback;
  const std::string customer = task.customer;
  const bool place = task.kind == kCallbackPlace;
  journal(ev::CallbackClosed{id, task.customer, outcome, by});
  callbacks_.close(id);
  if (place) places_.customer_over(customer, outcome);
}

CtiResult<void> Center::callback_close(CallId id, const std::string& outcome) {
  const Turn turn(*this);
  const loss::CallbackTask* task = callbacks_.find(id);
  if (!task) return std::unexpected(CtiError{4041, "no open callback " + std::to_string(to_number(id))});
  if (outcome.empty() || outcome.size() > kCallbackOutcomeMax) return std::unexpected(CtiError{-32602, "'outcome' must have 1 to " + std::to_string(kCallbackOutcomeMax) + " bytes"});
  end_callback(*task, outcome, CallId::none);
  return {};
}

std::string Center::callbacks_json(const CallbackFilter& filter) const {
  std::string text = "[";
  std::size_t n = 0;
  const auto add = [&](const loss::CallbackTask& t) {
    if (n++ > 0) text += ',';
    json::write(text, view::CallbackView{to_number(t.callback), t.customer, t.kind, t.number, t.queue, t.spot, t.due, t.opened_at, t.last_at, to_number(t.last_call), t.calls});
  };
  if (!filter.customer.empty()) {
    if (const auto* task = callbacks_.of(loss::customer_number(filter.customer))) add(*task);
  } else {
    for (auto it = callbacks_.open().upper_bound(filter.after); it != callbacks_.open().end() && n < filter.limit; ++it) add(it->second);
  }
  return text + "]";
}

}  // namespace sr::app
