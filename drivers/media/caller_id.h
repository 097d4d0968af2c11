// A caller's number on an analog pair: as FSK between the first two rings (Bellcore GR-30 / ETSI EN 300 659-1, 1200 bit/s) or as
// DTMF before the first ring (EN 300 659-1 annex; China, Taiwan: D number C). An empty number is one that is withheld.
// The only place that links spandsp's adsi.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/time.h"
#include "drivers/media/caller_id_digits.h"
#include "drivers/media/g711.h"

struct adsi_rx_state_s;

namespace sr::media {

enum class CallerIdWay : std::uint8_t { none, fsk, dtmf };
struct WallTime { int month = 1, day = 1, hour = 0, minute = 0; };  // local; FSK shows it on the phone

inline constexpr std::size_t kCallerIdMax = 20;        // digits; of a longer number the last ones are sent
inline constexpr std::size_t kCallerIdBlocksMax = 256; // 5.12 s: the longest signal

// What the line hears, pauses included: 500 ms after the ring (FSK), 250 ms to the ring (DTMF). At most kCallerIdBlocksMax blocks,
// none for `none`. Allocates: not for the media thread.
std::vector<Block> caller_id_signal(CallerIdWay way, std::string_view number, const WallTime& time);
Duration caller_id_length(CallerIdWay way, std::string_view number);

// Digits towards an exchange, or instead of a rotary phone's pulses: `lead_ms` of silence, then DTMF; ',' is half a second.
std::vector<Block> digits_signal(std::string_view digits, int lead_ms);

// What DTMF digits say: nothing yet, or a number ("" when withheld). `over`: no further digit came.
std::optional<std::string_view> dtmf_caller_id(std::string_view digits, bool over);
// What the body of a checked FSK message says (type, length, fields); nullopt: it is not about a caller.
std::optional<std::string_view> fsk_caller_id(std::string_view message);

// Media thread: no allocation after construction. Both ways are heard at once, by whatever the exchange sends.
class CallerIdReceiver {
 public:
  CallerIdReceiver();
  ~CallerIdReceiver();
  CallerIdReceiver(const CallerIdReceiver&) = delete;
  CallerIdReceiver& operator=(const CallerIdReceiver&) = delete;

  void reset();
  bool feed(const Block& block);  // true: number() is complete with this block; once after each reset()
  std::string_view number() const { return {number_.data(), length_}; }

 private:
  static void message(void* self, const std::uint8_t* text, int length);
  void take(std::string_view number);
  bool hear_digits(const Samples& heard);

  adsi_rx_state_s* fsk_;
  CallerIdDigits dtmf_;
  std::array<char, kCallerIdMax * 2> digits_{};
  std::size_t count_ = 0;
  int quiet_ = 0;  // blocks since the last digit
  std::array<char, kCallerIdMax> number_{};
  std::size_t length_ = 0;
  bool done_ = false;
};

}  // namespace sr::media
