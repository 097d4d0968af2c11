// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/event_hub.h"

#include <algorithm>

#include "drivers/base/result.h"

namespace sr::cti {

void EventHub::add(const JournalRow& row) {
  SR_ENSURE(row.seq > (recent_.empty() ? floor_ : recent_.back().row.seq));
  recent_.push_back({row, {}});
  if (recent_.size() <= kRecentMax) return;
  floor_ = recent_.front().row.seq;
  recent_.pop_front();
}

const EventText* EventHub::after(Seq position) {
  if (recent_.empty() || recent_.back().row.seq <= position) return nullptr;
  const std::size_t n = recent_.size();
  Recent* found = &recent_.back();  // the live case
  if (n > 1 && recent_[n - 2].row.seq > position)
    found = &*std::upper_bound(recent_.begin(), recent_.end(), position, [](Seq seq, const Recent& one) { return seq < one.row.seq; });
  if (!found->text) found->text = event_text(found->row);
  return &*found->text;
}

}  // namespace sr::cti
