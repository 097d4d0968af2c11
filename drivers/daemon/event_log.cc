// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/event_log.h"

#include "drivers/base/result.h"

namespace sr::daemon {

void EventLog::preload(std::vector<board::Envelope> earlier) {
  SR_ENSURE(last_ == 0 && held_.empty());
  for (auto& one : earlier) held_.push_back(std::move(one));
}

std::uint64_t EventLog::append(Instant at, board::Event event) {
  if (held_.size() >= kHeldHardMax || (held_.size() >= kHeldSoftMax && droppable(event))) {
    ++dropped_;
    return 0;
  }
  held_.push_back(board::Envelope{epoch_, ++last_, at, std::move(event)});
  return last_;
}

bool droppable(const board::Event& event) {
  struct Visitor {
    bool operator()(const board::evt::Offered&) const { return false; }
    bool operator()(const board::evt::NumberComplete&) const { return false; }
    bool operator()(const board::evt::Initiated&) const { return false; }
    bool operator()(const board::evt::Seized&) const { return false; }
    bool operator()(const board::evt::Proceeding&) const { return true; }
    bool operator()(const board::evt::Alerting&) const { return true; }
    bool operator()(const board::evt::Progress&) const { return true; }
    bool operator()(const board::evt::Answered&) const { return false; }
    bool operator()(const board::evt::Flashed&) const { return true; }
    bool operator()(const board::evt::Released&) const { return false; }
    bool operator()(const board::evt::StationState&) const { return true; }  // the snapshot has it
    bool operator()(const board::evt::Digit&) const { return true; }
    bool operator()(const board::evt::Activity&) const { return true; }
    bool operator()(const board::evt::PlayEnded&) const { return true; }
    bool operator()(const board::evt::Recorded&) const { return false; }
    bool operator()(const board::evt::Alarm&) const { return true; }  // the snapshot has it
    bool operator()(const board::evt::AllBusy&) const { return false; }
    bool operator()(const board::evt::Channels&) const { return false; }
    bool operator()(const board::evt::Alone&) const { return false; }
  };
  return std::visit(Visitor{}, event);
}

}  // namespace sr::daemon
