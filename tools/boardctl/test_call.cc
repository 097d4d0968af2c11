// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/test_call.h"

#include <fmt/format.h>

namespace sr::boardctl {

using namespace board;

std::string CallWatch::take(const Envelope& envelope) {
  std::string line;
  if (const auto* e = std::get_if<evt::Seized>(&envelope.event)) line = fmt::format("seized {} channel {}", e->span, e->channel);
  else if (std::holds_alternative<evt::Proceeding>(envelope.event)) line = "the exchange is at work";
  else if (std::holds_alternative<evt::Alerting>(envelope.event)) line = "ringing";
  else if (std::holds_alternative<evt::Progress>(envelope.event)) line = "there is something to hear";
  else if (std::holds_alternative<evt::Answered>(envelope.event)) {
    answered_ = fresh_answer_ = true;
    line = "answered";
  } else if (const auto* r = std::get_if<evt::Released>(&envelope.event); r != nullptr) {
    released_ = true;
    line = fmt::format("released {}, cause {}{}", r->by_far ? "by the far side" : "by us", r->cause, r->why.empty() ? "" : " (" + r->why + ")");
    text_ = (answered_ ? "answered, then " : "not answered: ") + line;
  }
  return line;
}

}  // namespace sr::boardctl
