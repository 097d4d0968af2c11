// What the CTI socket tells, as pages. Pure: JSON text in, text out; a member that is missing is simply empty.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

#include "drivers/base/time.h"

namespace sr::ctictl {

// `list`: the array of a snapshot or of a list's "items". `now`: the server's clock.
std::string calls_page(std::string_view list, Instant now, bool colours);
std::string agents_page(std::string_view list, Instant now, bool colours);
std::string queues_page(std::string_view list, Instant now, bool colours);

std::string iso_times(std::string_view list);  // the same array with its times as ISO 8601
std::string event_text(std::string_view params, bool colours);  // one line: time, type, topic, the other members
std::string picture(std::string_view snapshot, Instant now, bool colours);  // the head of `watch`

Instant parse_iso(std::string_view text);  // "2026-01-01T00:00:00.123Z"; the zero Instant when it is not

}  // namespace sr::ctictl
