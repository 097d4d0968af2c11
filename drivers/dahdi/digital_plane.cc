// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/digital_plane.h"

#include <algorithm>
#include <cerrno>

namespace sr::dahdi {

void DigitalPlane::on_data(int channel) {
  std::array<std::uint8_t, kFrameBufferSize + kFcsOctets> frame;
  for (int n = 0; n < kFramesPerTurnMax && lines_ != nullptr; ++n) {
    const auto got = lines_->at(channel)->read(frame);
    if (!got) {
      if (got.error() == abi::kElast) host_->events_wait(channel);
      else if (got.error() == ENODEV) host_->lost();
      return;
    }
    if (*got <= kFcsOctets) { ++counters_["bad_frames"]; continue; }
    ++counters_["frames_in"];
    if (handler_.on_frame && carrier()) handler_.on_frame({frame.data(), *got - kFcsOctets});
  }
}

void DigitalPlane::on_event(int channel, ChannelEvent event) {
  if (!has_frames(channel)) return;
  if (event.kind == EventKind::bad_fcs || event.kind == EventKind::hdlc_abort || event.kind == EventKind::hdlc_overrun) ++counters_["bad_frames"];
}

void DigitalPlane::send_frame(std::span<const std::uint8_t> frame) {
  if (!carrier() || frame.empty() || frame.size() > kFrameMax) return;
  std::array<std::uint8_t, kFrameMax + kFcsOctets> out{};
  std::copy(frame.begin(), frame.end(), out.begin());
  const int d = lines_->plan.d_position;
  const std::span<const std::uint8_t> whole(out.data(), frame.size() + kFcsOctets);
  auto sent = lines_->at(d)->write(whole);
  if (!sent && sent.error() == abi::kElast) {
    host_->events_wait(d);
    if (lines_ == nullptr) return;
    sent = lines_->at(d)->write(whole);
  }
  if (sent) ++counters_["frames_out"];
  else if (sent.error() == ENODEV) host_->lost();
  else ++counters_["frames_dropped"];  // lost as on a wire: Q.921 sends it again
}

}  // namespace sr::dahdi
