// What the profile wants of a DAHDI span against what the kernel has: either the numbers to open, or what is wrong, with the
// profile's line, the cause and the fix. Asks the device, opens nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <optional>
#include <string>

#include "drivers/base/result.h"
#include "drivers/dahdi/device.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

inline constexpr int kSpanNumberMax = 128;     // of the kernel
inline constexpr int kChannelNumberMax = 1023;

struct SpanSpec {
  std::string name;
  SpanKind kind = SpanKind::e1;
  int span = 1;                  // DAHDI's number
  int first_channel = 1;         // DAHDI's number of our channel 1; on E1 and T1 a guess: the span's first one is looked for
  int channels = 31;
  bool d_channel = true;         // false: the D timeslot carries calls (NFAS)
  std::optional<bool> crc4;      // nothing: whatever system.conf says
  std::optional<Law> law;
  std::string where;             // file:line of the profile
  int echo_taps = 0;             // of the kernel's canceller, which is on while a channel is in use; 0: none
  int rx_gain_db = 0, tx_gain_db = 0;
};

struct SpanPlan {
  int span = 0;
  int d_position = 0;                                // 0: no D channel
  std::array<int, kSpanChannelsMax + 1> channel{};   // DAHDI's number by ours; 0: there is none
  std::array<Law, kSpanChannelsMax + 1> law{};
};

// The span is there and its channels are where the profile has them; `wanted` says which signalling each must have.
using Fits = bool (*)(int signalling);
Result<SpanPlan> plan_digital(Device& device, const SpanSpec& spec);
Result<SpanPlan> plan_analog(Device& device, const SpanSpec& spec, Fits fits, const std::string& wanted);

}  // namespace sr::dahdi
