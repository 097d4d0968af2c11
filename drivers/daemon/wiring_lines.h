// The spans of a profile, each behind its driver: soft ones on one socket, those of boards through DAHDI. This is the last place
// that knows which is which. boardd's main and callgen use it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/profile/profile.h"
#include "drivers/span/span.h"

namespace sr::daemon {

enum class LineEnd { center, far };  // of soft spans: the center listens on the socket, the far end plugs in

class Lines {
 public:
  virtual ~Lines() = default;  // after the media thread's end
  virtual std::vector<SpanDriver*> spans() = 0;  // in the profile's order
};
// Errors name the profile's line: a span that is not there, a channel that somebody else has …
Result<std::unique_ptr<Lines>> open_lines(Reactor& reactor, const profile::Profile& profile, const std::string& softspan_socket, LineEnd end);

// Some clock comes with the lines: a board's. Without any, the exchange's side of soft spans is the clock itself.
bool lines_have_clock(const profile::Profile& profile);

}  // namespace sr::daemon
