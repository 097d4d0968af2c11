// The last kRecentMax events, shared by all sessions. A subscription is a position in the journal: from floor() on it is fed
// from here, below it from the journal. Because this window is far longer than what can be appended and not yet durable, going
// from one to the other leaves no gap and sends nothing twice.
// Make it after recovery and before the first append of this life: what lies at or below its first floor comes from the journal.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <optional>

#include "cti-core/cti/event_text.h"

namespace sr::cti {

inline constexpr std::size_t kRecentMax = 8192;

class EventHub {
 public:
  explicit EventHub(Seq last_seq) : floor_(last_seq) {}
  void add(const JournalRow& row);
  const EventText* after(Seq position);  // the first event beyond `position` >= floor(); nullptr: none yet
  Seq floor() const { return floor_; }         // all events beyond it are here
  bool empty() const { return recent_.empty(); }

 private:
  Seq floor_;
  struct Recent {
    JournalRow row;
    std::optional<EventText> text;  // made when the first subscriber asks: most rows are asked for by many, or by nobody
  };
  std::deque<Recent> recent_;
};

}  // namespace sr::cti
