// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/supervisor_codes.h"

#include <algorithm>

namespace sr::app {
namespace {

using Read = SupervisorDigits::Read;

// Is it somebody's id? more: it could become one.
Read agent_in(std::string_view digits, bool ended, const CenterConfig& config) {
  const bool exact = std::ranges::any_of(config.agents, [&](const AgentConfig& a) { return a.id == digits; });
  const bool grows = std::ranges::any_of(config.agents, [&](const AgentConfig& a) { return a.id.size() > digits.size() && a.id.starts_with(digits); });
  if (exact && (ended || !grows)) return Read::done;
  return grows && !ended ? Read::more : Read::wrong;
}

SupervisorDigits read_transfer(std::string_view rest, bool ended, const CenterConfig& config, SupervisorOrder order) {
  const auto star = rest.find('*');
  if (star == std::string_view::npos) return {ended || agent_in(rest, false, config) == Read::wrong ? Read::wrong : Read::more, std::move(order)};
  order.agent = rest.substr(0, star);
  order.to = rest.substr(star + 1);
  if (agent_in(order.agent, true, config) != Read::done) return {Read::wrong, std::move(order)};
  return {agent_in(order.to, ended, config), std::move(order)};
}

}  // namespace

SupervisorDigits read_supervisor(std::string_view digits, bool ended, const CenterConfig& config) {
  if (digits.empty()) return {ended ? Read::wrong : Read::more, {}};
  const auto* code = std::ranges::find(kSupervisorCodes, digits.front(), &SupervisorCode::digit);
  if (code == kSupervisorCodes.end()) return {Read::wrong, {}};
  SupervisorOrder order{.verb = code->verb};
  order.state = code->state;
  const std::string_view rest = digits.substr(1);
  if (code->verb == SupervisorVerb::forceTransfer) return read_transfer(rest, ended, config, std::move(order));
  order.agent = rest;
  if (rest.empty() && ended && code->verb == SupervisorVerb::pickup) return {Read::done, std::move(order)};
  return {agent_in(rest, ended, config), std::move(order)};
}

std::optional<SupervisorVerb> listening_key(char digit) {
  if (digit < '1' || digit > '3') return std::nullopt;
  return kSupervisorCodes[static_cast<std::size_t>(digit - '1')].verb;
}

}  // namespace sr::app
