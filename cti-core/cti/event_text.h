// A row of the journal as the CTI socket sends it. The part that is the same for every subscriber is made once per row; a row
// read back from the journal gives byte for byte the text it had when it was live.
// Topics: "call/17", "agent/1001", "span/e1-1", "system". A filter is a topic, or its first word alone ("call"), or "*".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cti-core/model/events.h"

namespace sr::cti {

struct EventText {
  Seq seq = 0;
  std::string topic;  // in the spelling of JSON
  std::string tail;   // "ts" … "v" and the members of the event, with the closing braces of params and of the line
};

EventText event_text(Seq seq, Instant at, std::string_view type, std::uint64_t call, std::string_view body);
EventText event_text(const JournalRow& row);

std::string event_line(const EventText& event, std::string_view sub, std::string_view epoch, Seq prev);

bool is_filter(std::string_view filter);  // well formed
bool wants(const std::vector<std::string>& filters, std::string_view topic);  // none: everything

}  // namespace sr::cti
