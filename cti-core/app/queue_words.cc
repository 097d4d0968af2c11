// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/queue_words.h"

#include <fmt/format.h>

namespace sr::app {

std::string in_words(const ivr::QueueRequest& request) {
  std::string out;
  if (!request.agent.empty()) out += " for agent " + request.agent + (request.only_agent ? " alone" : " first");
  if (request.only_if_idle) out += " if somebody is idle";
  if (request.priority != 0) out += " with priority " + std::to_string(request.priority);
  return out;
}

QueueEnded ended(ivr::QueueEnd end) {
  switch (end) {
    case ivr::QueueEnd::full: return {Cause::overflow, LossStage::full};
    case ivr::QueueEnd::closed: return {Cause::overflow, LossStage::closed};
    case ivr::QueueEnd::empty: return {Cause::noAvailableAgents, LossStage::empty};
    case ivr::QueueEnd::callback: return {Cause::keyOperation, LossStage::in_queue};
    case ivr::QueueEnd::timeout:
    case ivr::QueueEnd::answered: break;
  }
  return {Cause::queueTimeOverflow, LossStage::timeout};
}

void note_end(Call& call, const std::string& queue, const std::string& asked, ivr::QueueEnd end, Duration waited) {
  if (call.decisions.size() == kDecisionsMax) call.decisions.erase(call.decisions.begin());
  const std::string after = waited > 0us ? fmt::format(" after {:.1f} s", static_cast<double>(waited.count()) / 1e6) : std::string();
  call.decisions.push_back(fmt::format("{}{}: {}{}", queue, asked, boost::describe::enum_to_string(end, ""), after));
}

}  // namespace sr::app
