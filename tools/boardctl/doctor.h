// The doctor: board → module → firmware → interrupt and timing → span → framing → D channel → test call. Two looks at the machine,
// the profile and what a running boardd says come in; a judgement of each step goes out. Pure, but for look().
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/board/board.h"
#include "drivers/profile/profile.h"
#include "tools/boardctl/detect.h"
#include "tools/boardctl/proc_span.h"

namespace sr::boardctl {

BOOST_DEFINE_ENUM_CLASS(Verdict, passed, failed, untestable)

struct Step {
  std::string step;
  Verdict verdict = Verdict::untestable;
  std::string text;  // what was seen, the cause, or why it cannot be tested
  std::string fix;   // of a failure
};
BOOST_DESCRIBE_STRUCT(Step, (), (step, verdict, text, fix))

struct Look {  // at the machine, at one moment
  std::string kernel;
  Detected found;
  std::map<std::string, std::uint64_t> interrupts;  // by the board's address
  std::vector<std::string> firmware_missing;        // files that a found board needs
  bool device_there = false;                        // /dev/dahdi/channel
  bool device_allowed = false;                      // and we may open it
  std::vector<ProcSpan> spans;
};

struct TestCall {
  bool answered = false;
  std::string text;
};

struct Findings {
  Look before, after;                     // two looks, some time between them
  const profile::Profile* profile = nullptr;
  const board::Snapshot* boardd = nullptr;
  std::optional<TestCall> call;
};

Look look(const Host& host);
std::vector<Step> examine(const Findings& findings);

std::string doctor_page(const std::vector<Step>& steps);
std::string doctor_json(const std::vector<Step>& steps, const std::string& kernel);
bool healthy(const std::vector<Step>& steps);  // nothing failed

}  // namespace sr::boardctl
