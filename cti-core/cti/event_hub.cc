// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/event_hub.h"

#include <algorithm>

#include "drivers/base/result.h"

namespace sr::cti {

void EventHub::add(const JournalRow& row) {
  SR_ENSURE(row.seq > (recent_.empty() ? floor_ : recent_.back().seq));
  recent_.push_back(event_text(row));
  if (recent_.size() <= kRecentMax) return;
  floor_ = recent_.front().seq;
  recent_.pop_front();
}

const EventText* EventHub::after(Seq position) const {
  if (recent_.empty() || recent_.back().seq <= position) return nullptr;
  const std::size_t n = recent_.size();
  if (n == 1 || recent_[n - 2].seq <= position) return &recent_.back();  // the live case
  return &*std::upper_bound(recent_.begin(), recent_.end(), position, [](Seq seq, const EventText& event) { return seq < event.seq; });
}

}  // namespace sr::cti
