// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/strategy.h"

#include <algorithm>
#include <boost/mp11.hpp>

namespace sr::acd {
namespace {

constexpr std::int64_t kWhole = 1'000'000;

// The share of his time since he logged on, in millionths.
std::int64_t occupancy(const Tally& tally, Instant now) {
  const auto staffed = std::max(now - tally.logged_on_at, Duration{1});
  return static_cast<std::int64_t>(static_cast<double>(tally.occupied.count()) / static_cast<double>(staffed.count()) * kWhole);
}

}  // namespace

std::int64_t key(Strategy strategy, const Standing& standing, const Serving& serving, Instant now) {
  switch (strategy) {
    case Strategy::longest_idle:
    case Strategy::ring_all: return 0;
    case Strategy::fewest_calls: return standing.tally.calls;
    case Strategy::least_talk_time: return standing.tally.talked.count();
    case Strategy::least_occupied: return occupancy(standing.tally, now);
    case Strategy::round_robin: return standing.tally.last_turn;
    case Strategy::top_down: return serving.place;
    case Strategy::best_skill: return -serving.level;
  }
  return 0;
}

std::string_view name(Strategy strategy) { return boost::describe::enum_to_string(strategy, "?"); }

bool strategy_from(std::string_view text, Strategy& out) {
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Strategy>>([&](auto d) {
    if (text == d.name) { out = d.value; found = true; }
  });
  return found;
}

}  // namespace sr::acd
