// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/test_call.h"

#include <fmt/format.h>

namespace sr::boardctl {

using namespace board;

std::string CallWatch::take(const Envelope& envelope) {
  std::string line;
  const auto mine = [&](const auto& e) { return e.leg == leg_; };
  if (const auto* e = std::get_if<evt::Seized>(&envelope.event); e != nullptr && mine(*e)) line = fmt::format("seized {} channel {}", e->span, e->channel);
  else if (const auto* p = std::get_if<evt::Proceeding>(&envelope.event); p != nullptr && mine(*p)) line = "the exchange is at work";
  else if (const auto* a = std::get_if<evt::Alerting>(&envelope.event); a != nullptr && mine(*a)) line = "ringing";
  else if (const auto* up = std::get_if<evt::Answered>(&envelope.event); up != nullptr && mine(*up)) {
    answered_ = fresh_answer_ = true;
    line = "answered";
  } else if (const auto* r = std::get_if<evt::Released>(&envelope.event); r != nullptr && mine(*r)) {
    released_ = true;
    line = fmt::format("released {}, cause {}{}", r->by_far ? "by the far side" : "by us", r->cause, r->why.empty() ? "" : " (" + r->why + ")");
    text_ = (answered_ ? "answered, then " : "not answered: ") + line;
  }
  return line;
}

}  // namespace sr::boardctl
