// Whom to call back: at most one open task per customer number. What the center keeps of them; the journal has them all.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cti-core/model/events.h"

namespace sr::loss {

inline constexpr std::size_t kCallbacksMax = 100'000;  // open; beyond it no new task begins, which is counted, and the books say how many callers are in no list

// A customer's number as it was presented, digits only; empty: withheld, or not a number.
std::string customer_number(std::string_view calling);

// Whether a caller who was lost there is called back. Not: whom we do not serve, or who dialled no number of ours.
constexpr bool is_called_back(LossStage stage) {
  return stage != LossStage::rejected && stage != LossStage::blacklist && stage != LossStage::number_incomplete;
}

struct CallbackTask {
  CallId callback{}, last_call{};         // its id is the call that opened it
  std::string customer{}, kind{}, number{}, queue{}, spot{};  // kind: lost, promised …; number: the one that he dialled
  std::optional<Instant> due{};           // not before
  Instant opened_at{}, last_at{};
  std::uint32_t calls = 1;
};

class Callbacks {
 public:
  const CallbackTask* of(const std::string& customer) const;  // nullptr: none is open
  const CallbackTask* find(CallId callback) const;
  bool full() const { return tasks_.size() >= kCallbacksMax; }
  const std::map<CallId, CallbackTask>& open() const { return tasks_; }  // in the order of opening

  void add(CallbackTask task);            // its customer has none
  void update(CallId callback, CallId call, Instant at, std::string kind, std::optional<Instant> due);
  void close(CallId callback);

 private:
  std::map<CallId, CallbackTask> tasks_;
  std::unordered_map<std::string, CallId> by_customer_;
};

}  // namespace sr::loss
