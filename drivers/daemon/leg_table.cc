// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/leg_table.h"

#include <algorithm>
#include <bit>

#include "drivers/base/result.h"

namespace sr::daemon {

Leg* LegTable::add(LegId id) {
  const auto [it, fresh] = legs_.try_emplace(id);
  if (!fresh) return nullptr;
  it->second.id = id;
  return &it->second;
}

Leg* LegTable::find(LegId id) {
  const auto it = legs_.find(id);
  return it == legs_.end() ? nullptr : &it->second;
}

const Leg* LegTable::find(LegId id) const {
  const auto it = legs_.find(id);
  return it == legs_.end() ? nullptr : &it->second;
}

Leg* LegTable::at(int span, int channel) const { return at_[static_cast<std::size_t>(span)][static_cast<std::size_t>(channel)]; }

void LegTable::put_on(Leg& leg, int span, int channel) {
  SR_ENSURE(leg.channel == 0 && channel >= 1 && channel <= kSpanChannelsMax);
  auto& place = at_[static_cast<std::size_t>(span)][static_cast<std::size_t>(channel)];
  SR_ENSURE(place == nullptr);
  place = &leg;
  busy_[static_cast<std::size_t>(span)] |= 1U << channel;
  leg.span = span;
  leg.channel = channel;
}

void LegTable::take_off(Leg& leg) {
  if (leg.channel == 0) return;
  at_[static_cast<std::size_t>(leg.span)][static_cast<std::size_t>(leg.channel)] = nullptr;
  busy_[static_cast<std::size_t>(leg.span)] &= ~(1U << leg.channel);
  leg.channel = 0;
}

void LegTable::erase(LegId id) {
  Leg* leg = find(id);
  if (leg == nullptr) return;
  take_off(*leg);
  legs_.erase(id);
}

int LegTable::in_use(int span) const { return std::popcount(busy_[static_cast<std::size_t>(span)]); }

std::vector<LegId> LegTable::ids() const {
  std::vector<LegId> out;
  out.reserve(legs_.size());
  for (const auto& [id, leg] : legs_) out.push_back(id);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace sr::daemon
