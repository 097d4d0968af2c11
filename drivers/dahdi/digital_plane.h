// E1 and T1 with a D channel: the kernel does HDLC and the frame check sequence; its reads end with the two octets of the FCS and
// its writes want room for them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "drivers/dahdi/line_plane.h"

namespace sr::dahdi {

inline constexpr std::size_t kFcsOctets = 2;
inline constexpr std::size_t kFrameMax = 1000;  // without FCS, as on soft spans
inline constexpr int kFramesPerTurnMax = 32;    // the kernel's buffers

class DigitalPlane final : public LinePlane {
 public:
  Result<SpanPlan> plan(Device& device, const SpanSpec& spec) const override { return plan_digital(device, spec); }
  bool has_frames(int channel) const override { return lines_ != nullptr && channel == lines_->plan.d_position; }
  void on_data(int channel) override;
  void on_event(int channel, ChannelEvent event) override;
  void send_frame(std::span<const std::uint8_t> frame) override;
  void send_line(int, LineSignal, std::string_view) override {}  // no analog line here
  std::map<std::string, std::uint64_t> counters() const override { return counters_; }

 private:
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace sr::dahdi
