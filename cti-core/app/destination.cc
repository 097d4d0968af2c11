// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/destination.h"

namespace sr::app {
namespace {

using Kind = Destination::Kind;

Destination outside(std::string_view number, bool ended, const CenterConfig& config) {
  if (number.find_first_not_of("0123456789") != std::string_view::npos || config.outgoing_group.empty()) return {};
  if (!ended) return {.kind = Kind::more};
  if (number.empty()) return {};
  return {.kind = Kind::outside, .number = std::string(number)};
}

Destination exactly(std::string_view digits, const Directory& d) {
  const acd::Agent* agent = d.agents.find(digits);
  if (!agent) agent = d.agents.at_device(digits);
  if (agent) return {.kind = Kind::agent, .agent = agent->no};
  if (const std::string station(digits); d.phones.contains(station)) return {.kind = Kind::phone, .number = station};
  for (const auto& [name, queue] : d.queues)
    if (d.config.queues[acd::index(queue)].extension == digits) return {.kind = Kind::queue, .queue = queue};
  return {};
}

bool could_grow(std::string_view digits, const Directory& d) {
  const auto longer = [&](std::string_view name) { return name.size() > digits.size() && name.starts_with(digits); };
  return std::ranges::any_of(d.agents.all(), [&](const acd::Agent& a) { return longer(a.id) || longer(a.device); }) ||
         std::ranges::any_of(d.phones, [&](const auto& p) { return longer(p.first); }) ||
         std::ranges::any_of(d.queues, [&](const auto& q) { return longer(d.config.queues[acd::index(q.second)].extension); });
}

}  // namespace

Destination read_destination(std::string_view digits, bool ended, const Directory& directory) {
  if (digits.ends_with('#')) {
    digits.remove_suffix(1);
    ended = true;
  }
  if (digits.empty()) return {.kind = ended ? Kind::wrong : Kind::more};
  if (!ended && could_grow(digits, directory)) return {.kind = Kind::more};
  Destination found = exactly(digits, directory);
  if (found.kind == Kind::wrong && digits.front() == directory.config.access_digit) return outside(digits.substr(1), ended, directory.config);
  return found;
}

Destination destination_named(std::string_view to, const Directory& directory) {
  if (const auto queue = directory.queues.find(std::string(to)); queue != directory.queues.end()) return {.kind = Kind::queue, .queue = queue->second};
  return read_destination(to, true, directory);
}

}  // namespace sr::app
