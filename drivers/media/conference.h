// Conferences: who is in which, and the sum of what they say. Fixed tables; a place in them is found by its number.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <vector>

#include "drivers/media/g711.h"
#include "drivers/media/media.h"

namespace sr::media {

inline constexpr std::uint16_t kNoConference = 0xFFFF;

struct ConferenceMember { std::uint16_t slot = 0; bool talks = false; const Block* says = nullptr; };  // says: set per tick, nullptr = silence
struct Conference {
  std::uint32_t id = 0;
  std::uint8_t count = 0;
  std::array<ConferenceMember, kConferenceLegsMax> members{};
};

class Conferences {
 public:
  explicit Conferences(std::size_t max) : table_(max) { active_.reserve(max); }
  // The place of the conference `id`, made if it is new; kNoConference: no room for another leg or another conference.
  std::uint16_t join(std::uint32_t id, std::uint16_t slot, bool talks);
  void leave(std::uint16_t place, std::uint16_t slot);
  Conference& at(std::uint16_t place) { return table_[place]; }
  const std::vector<std::uint16_t>& active() const { return active_; }

 private:
  std::vector<Conference> table_;
  std::vector<std::uint16_t> active_;
};

// Mixes one conference: sum() once per tick, then hear() per member: everybody but himself, saturated. A single other voice is
// passed on bit-exact. false: nobody else says anything.
class ConferenceMixer {
 public:
  explicit ConferenceMixer(const Conference& conference);
  bool hear(std::size_t member, Block& out) const;

 private:
  const Conference& conference_;
  std::uint8_t talking_ = 0;
  std::array<Samples, kConferenceLegsMax> linear_;
  std::array<std::int32_t, kBlockSamples> sum_;
};

}  // namespace sr::media
