// The digits of a supervisor's phone after the prefix (*3): one table of codes, which docs/ACD.md repeats. Pure.
//   1 agent   listen            4 agent          force release          7 agent   pick up what rings at him; without agent: the first who waits
//   2 agent   whisper           5 agent * agent  force transfer         8 agent   ready
//   3 agent   barge in          6 agent          not ready              9 agent   log off
// While listening 1, 2 and 3 change between the three.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "cti-core/model/config.h"
#include "cti-core/model/supervisor.h"

namespace sr::app {

struct SupervisorCode {
  char digit;
  SupervisorVerb verb;
  std::string_view state;  // of setState
};
inline constexpr std::array kSupervisorCodes = {
    SupervisorCode{'1', SupervisorVerb::listen, {}},        SupervisorCode{'2', SupervisorVerb::whisper, {}},
    SupervisorCode{'3', SupervisorVerb::bargeIn, {}},       SupervisorCode{'4', SupervisorVerb::forceClear, {}},
    SupervisorCode{'5', SupervisorVerb::forceTransfer, {}}, SupervisorCode{'6', SupervisorVerb::setState, "notReady"},
    SupervisorCode{'7', SupervisorVerb::pickup, {}},        SupervisorCode{'8', SupervisorVerb::setState, "ready"},
    SupervisorCode{'9', SupervisorVerb::setState, "loggedOff"},
};

struct SupervisorDigits {
  enum class Read { more, wrong, done };
  Read read = Read::more;
  SupervisorOrder order{};
};
// `ended`: by # or a pause.
SupervisorDigits read_supervisor(std::string_view digits, bool ended, const CenterConfig& config);

std::optional<SupervisorVerb> listening_key(char digit);

}  // namespace sr::app
