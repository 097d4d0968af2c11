// Busy tone as the only sign that the far end of an exchange line has hung up. Two parts: ToneMeter says of each block whether it
// is a tone, silence or something else, at any frequency of Q.35 (300…660 Hz, one or two of them); BusyCadence decides from the
// lengths of tone and pause. No clock, no allocation: media thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.h"
#include "drivers/media/g711.h"
#include "drivers/media/media.h"

namespace sr::media {

struct BusyPattern {  // ms
  int on = 0, off = 0;
  bool operator==(const BusyPattern&) const = default;
};
inline constexpr std::size_t kBusyPatternsMax = 4;
inline constexpr int kBusyCycles = 3;       // of a known cadence
inline constexpr int kBusyLearnCycles = 5;  // of an unknown one, all alike
inline constexpr int kBusyShortestMs = 80, kBusyLongestMs = 1000;  // ring-back's pauses are longer, stutter dial tone has none

struct BusyKnown {
  std::array<BusyPattern, kBusyPatternsMax> patterns{};
  std::size_t count = 0;
  bool learn = true;  // an unknown cadence that keeps on is busy tone, too
};
// Busy and congestion of a country (libtonezone).
Result<BusyKnown> busy_of_country(std::string_view country);
// "350/350" or "350/350,700/700": these and no others.
Result<BusyKnown> parse_busy(std::string_view text);

class ToneMeter {
 public:
  enum class Sound : std::uint8_t { silence, tone, other };
  void reset() { reference_ = 0; }
  Sound hear(const Block& block);

 private:
  float reference_ = 0;  // power of the tone that is on or was
};

// Learned cadences are kept over reset(): they are the line's.
class BusyCadence {
 public:
  struct Busy { BusyPattern pattern; bool learned = false; };  // learned: with this call
  explicit BusyCadence(const BusyKnown& known) : known_(known) {}

  void reset();  // a call begins
  std::optional<Busy> feed(ToneMeter::Sound sound, int ms);  // once per call

 private:
  std::optional<Busy> judge();
  bool alike(const BusyPattern& pattern, int cycles) const;

  BusyKnown known_;
  std::array<BusyPattern, kBusyLearnCycles> cycles_{};  // the newest last
  int count_ = 0;
  bool on_ = false, told_ = false;
  int lasted_ = 0, glitch_ = 0, tone_ms_ = 0;
};

}  // namespace sr::media
