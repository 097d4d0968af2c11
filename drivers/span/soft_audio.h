// The audio plane of a soft span: one packet per tick each way, straight on the socket from the media thread. The reactor hands
// a new connection over through one atomic; from then on the media thread owns it and closes it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "drivers/span/soft_packet.h"
#include "drivers/span/span.h"

namespace sr::soft {

inline constexpr int kAudioSendBuffer = 40'000;  // about 8 full packets wait for a far end that does not read; then overruns count
inline constexpr int kBadAudioPerCallMax = 16;   // malformed packets passed over in one receive()

struct AudioCounters { std::atomic<std::uint64_t> in{0}, out{0}, bad{0}, gaps{0}, overruns{0}; };

class SoftAudio final : public AudioPort {
 public:
  ~SoftAudio() override;

  // Reactor thread.
  void hand_over(int fd);  // takes it; replaces the connection there is
  void cut();              // ends it
  bool lost() const { return lost_.load(std::memory_order_acquire); }  // the media thread has found it closed, or there never was one
  const AudioCounters& counters() const { return counters_; }

  // Media thread.
  bool receive(SpanAudio& in) override;
  void send(const SpanAudio& out) override;
  int fd() const override { return current_; }

 private:
  void adopt();
  void drop();
  void take(const Audio& packet, SpanAudio& in);

  std::atomic<int> pending_{-1};
  std::atomic<bool> lost_{true};
  int copy_ = -1;     // the reactor's, to shut the connection down
  int current_ = -1;  // the media thread's
  std::uint32_t tick_out_ = 0, tick_in_ = 0;
  bool ticked_in_ = false;
  AudioCounters counters_;
  std::array<std::uint8_t, kPacketMax + 1> buffer_;
};

}  // namespace sr::soft
