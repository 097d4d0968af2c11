// DTMF (Q.23, Q.24) on one channel each: a receiver over spandsp's (the only place that links it) and ready-made digits to send.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "drivers/media/g711.h"

struct dtmf_rx_state_s;

namespace sr::media {

inline constexpr int kDtmfTicksOn = 4, kDtmfTicksOff = 4, kDtmfTicksPause = 25;  // 80 ms, 80 ms, ',' 500 ms
inline constexpr double kDtmfLowDbm0 = -9.0, kDtmfHighDbm0 = -7.0;              // level of the low and the high tone sent

// A receiver keeps its memory for life; reset() begins anew without allocating.
class DtmfReceiver {
 public:
  struct Heard {
    bool began = false;                    // a digit was recognised in this block
    char ended = 0;                        // this digit is over (0: none)
    std::uint16_t duration_ms = 0;         // of `ended`
  };
  DtmfReceiver();
  ~DtmfReceiver();
  DtmfReceiver(const DtmfReceiver&) = delete;
  DtmfReceiver& operator=(const DtmfReceiver&) = delete;

  void reset();
  Heard feed(const Samples& block);
  bool idle() const { return digit_ == 0; }  // no digit is on: silence need not be fed

 private:
  static void changed(void* self, int digit, int level, int samples);
  dtmf_rx_state_s* state_;
  char digit_ = 0;
  std::uint32_t samples_ = 0;  // fed since the digit was recognised
  Heard heard_{};
};

// 80 ms of each digit as A-law blocks, made once at start.
class DtmfDigits {
 public:
  DtmfDigits();
  static std::optional<std::size_t> index(char digit);  // 0-9 A-D * #
  const Block& block(std::size_t digit, int tick) const { return blocks_[digit][static_cast<std::size_t>(tick)]; }

 private:
  std::array<std::array<Block, kDtmfTicksOn>, 16> blocks_;
};

}  // namespace sr::media
