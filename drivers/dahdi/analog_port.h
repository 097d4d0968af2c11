// One analog port between the kernel's words and the seam's: what its events mean and which hook state a signal asks for. Pure; the
// life of the line is the tables' in drivers/sig. An FXS port is signalled as fxo… in DAHDI and an FXO port as fxs….
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>

#include "drivers/dahdi/device.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

enum class Start { kewl, loop, ground };
int signalling_of(SpanKind kind, Start start);
const char* start_name(Start start);

struct AnalogPort {
  SpanKind kind = SpanKind::fxs;
  Start start = Start::kewl;
  bool off_hook = false;  // FXS: the phone; FXO: we
  bool ringing = false;   // FXO: a burst is on; FXS: our bell
};

struct PortHeard {
  std::optional<LineSignal> signal;
  std::optional<Hook> follow;  // what the port itself must do at once: feed a phone that went off-hook, rest when it went on-hook
  char digit = 0;              // a rotary phone's
};
PortHeard hear_event(AnalogPort& port, const ChannelEvent& event);
std::optional<Hook> hook_for(AnalogPort& port, LineSignal signal);  // nullopt: nothing to do in this state

}  // namespace sr::dahdi
