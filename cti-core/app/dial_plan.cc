// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/dial_plan.h"

#include "cti-core/app/supervisor_codes.h"

namespace sr::app {
namespace {

using Kind = PhoneOrder::Kind;

// `rest` is what follows the login code: id and pin, parted by * or not.
PhoneOrder read_login(std::string_view rest, bool ended, const CenterConfig& config) {
  for (const auto& agent : config.agents) {
    if (rest == agent.id + agent.pin || rest == agent.id + "*" + agent.pin) return {.kind = Kind::login, .agent = agent.id, .pin = agent.pin};
    if (ended && rest.starts_with(agent.id)) {
      auto pin = rest.substr(agent.id.size());
      if (pin.starts_with('*')) pin.remove_prefix(1);
      return {.kind = Kind::login, .agent = agent.id, .pin = std::string(pin)};  // a wrong pin: refused and counted by whoever checks it
    }
  }
  return {.kind = ended ? Kind::wrong : Kind::more};
}

PhoneOrder read_reason(std::string_view rest, bool ended, const CenterConfig& config) {
  const auto it = config.not_ready_reasons.find(std::string(rest));
  bool longer = false;
  for (const auto& [code, word] : config.not_ready_reasons) longer = longer || (code.size() > rest.size() && code.starts_with(rest));
  if (it != config.not_ready_reasons.end() && (ended || !longer)) return {.kind = Kind::not_ready, .reason = it->second};
  if (rest.empty() && ended) return {.kind = Kind::not_ready, .reason = "unspecified"};
  return {.kind = ended || !longer ? Kind::wrong : Kind::more};
}

bool begins(std::string_view shorter, std::string_view longer) { return longer.starts_with(shorter); }

}  // namespace

PhoneOrder read_digits(std::string_view digits, bool ended, const CenterConfig& config) {
  if (!digits.empty() && digits.back() == '#') {
    digits.remove_suffix(1);
    ended = true;
  }
  if (digits.empty()) return {.kind = ended ? Kind::wrong : Kind::more};
  if (digits == config.code_logout) return {.kind = Kind::logout};
  if (digits == config.code_ready) return {.kind = Kind::ready};
  if (digits == config.code_more_wrap_up) return {.kind = Kind::more_wrap_up};
  if (digits.starts_with(config.code_not_ready)) return read_reason(digits.substr(config.code_not_ready.size()), ended, config);
  if (digits.starts_with(config.code_login)) return read_login(digits.substr(config.code_login.size()), ended, config);
  if (digits.starts_with(config.code_supervisor)) {
    auto read = read_supervisor(digits.substr(config.code_supervisor.size()), ended, config);
    if (read.read == SupervisorDigits::Read::done) return {.kind = Kind::supervise, .order = std::move(read.order)};
    return {.kind = read.read == SupervisorDigits::Read::more ? Kind::more : Kind::wrong};
  }
  if (digits.front() == config.access_digit) {
    const auto number = digits.substr(1);
    if (number.find_first_not_of("0123456789") != std::string_view::npos) return {.kind = Kind::wrong};
    if (!ended) return {};
    if (number.empty()) return {.kind = Kind::wrong};
    return {.kind = Kind::dial, .number = std::string(number)};
  }
  bool longer = false, exact = false;
  for (const AgentConfig& agent : config.agents) {
    exact = exact || agent.id == digits;
    longer = longer || (agent.id.size() > digits.size() && agent.id.starts_with(digits));
  }
  if (exact && (ended || !longer)) return {.kind = Kind::call_agent, .agent = std::string(digits)};
  if (longer && !ended) return {};
  for (const auto* code : {&config.code_login, &config.code_logout, &config.code_ready, &config.code_not_ready, &config.code_more_wrap_up, &config.code_supervisor})
    if (begins(digits, *code)) return {.kind = ended ? Kind::wrong : Kind::more};
  return {.kind = Kind::wrong};
}

Cause cause_for(int q850) {
  switch (q850) {
    case 1: case 2: case 3: case 22: case 28: return Cause::numberUnallocated;
    case 16: case 31: return Cause::normalClearing;
    case 17: return Cause::busy;
    case 18: case 19: case 102: return Cause::callNotAnswered;
    case 21: return Cause::callCancelled;
    case 27: return Cause::destOutOfOrder;
    case 34: case 44: return Cause::trunksBusy;
    case 38: case 42: return Cause::networkCongestion;
    case 41: return Cause::systemFault;
    default: return Cause::resourcesNotAvailable;
  }
}

}  // namespace sr::app
