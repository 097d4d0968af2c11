// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/conference.h"

#include <algorithm>

namespace sr::media {
namespace {
std::uint8_t encode_sum(std::int32_t sum) { return alaw_encode(static_cast<std::int16_t>(std::clamp(sum, -32'768, 32'767))); }
}  // namespace

std::uint16_t Conferences::join(std::uint32_t id, std::uint16_t slot, bool talks) {
  std::uint16_t place = kNoConference;
  for (const auto p : active_)
    if (table_[p].id == id) place = p;
  if (place == kNoConference) {
    if (active_.size() == table_.size()) return kNoConference;
    place = 0;
    while (table_[place].count != 0) ++place;
    table_[place].id = id;
    active_.push_back(place);
  }
  Conference& c = table_[place];
  if (c.count == c.members.size()) return kNoConference;
  c.members[c.count++] = {.slot = slot, .talks = talks};
  return place;
}

void Conferences::leave(std::uint16_t place, std::uint16_t slot) {
  Conference& c = table_[place];
  const auto end = std::remove_if(c.members.begin(), c.members.begin() + c.count, [&](const auto& m) { return m.slot == slot; });
  c.count = static_cast<std::uint8_t>(end - c.members.begin());
  if (c.count == 0) std::erase(active_, place);
}

ConferenceMixer::ConferenceMixer(const Conference& conference) : conference_(conference) {
  for (std::size_t m = 0; m < conference.count; ++m)
    if (conference.members[m].says != nullptr) ++talking_;
  if (talking_ < 2) return;
  sum_.fill(0);
  for (std::size_t m = 0; m < conference.count; ++m) {
    if (conference.members[m].says == nullptr) continue;
    alaw_decode(*conference.members[m].says, linear_[m]);
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += linear_[m][i];
  }
}

bool ConferenceMixer::hear(std::size_t member, Block& out) const {
  const bool self = conference_.members[member].says != nullptr;
  const int others = talking_ - (self ? 1 : 0);
  if (others == 0) return false;
  if (others == 1) {
    for (std::size_t m = 0; m < conference_.count; ++m)
      if (m != member && conference_.members[m].says != nullptr) out = *conference_.members[m].says;
    return true;
  }
  if (self)
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = encode_sum(sum_[i] - linear_[member][i]);
  else
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = encode_sum(sum_[i]);
  return true;
}

}  // namespace sr::media
