// The open channels of one span, by our numbers; filled by the reactor, lent to the media thread (DahdiAudio), closed by the
// reactor when it has come back.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <memory>

#include "drivers/dahdi/span_plan.h"

namespace sr::dahdi {

inline constexpr int kAudioBuffers = 8;     // of one block each, both ways
inline constexpr int kPrefillBlocks = 3;    // of silence ahead of what is sent: 60 ms until an underrun
inline constexpr int kFrameBuffers = 32, kFrameBufferSize = 1024;

struct LineSet {
  SpanPlan plan;
  std::array<std::unique_ptr<Channel>, kSpanChannelsMax + 1> channel;  // [0]: kernel's pseudo channel, the clock of an analog span
  std::uint32_t audio = 0;  // bit n: channel n carries sound
  int echo_taps = 0;
  Channel* at(int c) const { return channel[static_cast<std::size_t>(c)].get(); }
};

// Opens and prepares every channel of the plan. An error names the channel; what was opened before it is closed again.
Result<std::unique_ptr<LineSet>> open_lines(Device& device, const SpanPlan& plan, const SpanSpec& spec);

}  // namespace sr::dahdi
