// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/conference.h"

#include <algorithm>

namespace sr::app {

using board::ConferenceRole;

Conference::Commands Conference::join(LegId leg, ConferenceRole role) {
  if (leg == LegId::none || has(leg) || members_.size() == board::kConferenceLegsMax) return {};
  const bool joined = members_.size() >= 2 && !connected();
  members_.push_back({leg, role});
  if (joined) return {board::cmd::Join{leg, number_, role}};
  return again();
}

Conference::Commands Conference::leave(LegId leg) {
  if (!has(leg)) return {};
  Commands out;
  if (members_.size() >= 2) out.push_back(board::cmd::Disconnect{leg});
  for (auto& command : gone(leg)) out.push_back(std::move(command));
  return out;
}

Conference::Commands Conference::gone(LegId leg) {
  if (std::erase_if(members_, [leg](const Member& m) { return m.leg == leg; }) == 0 || !connected()) return {};
  return again();  // the two who are left
}

bool Conference::has(LegId leg) const {
  return std::ranges::any_of(members_, [leg](const Member& m) { return m.leg == leg; });
}

bool Conference::connected() const {
  return members_.size() == 2 && std::ranges::all_of(members_, [](const Member& m) { return m.role == ConferenceRole::talk; });
}

Conference::Commands Conference::again() const {
  if (connected()) return {board::cmd::Connect{members_[0].leg, members_[1].leg}};
  Commands out;
  if (members_.size() >= 2)
    for (const Member& m : members_) out.push_back(board::cmd::Join{m.leg, number_, m.role});
  return out;
}

}  // namespace sr::app
