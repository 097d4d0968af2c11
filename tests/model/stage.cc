// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/stage.h"

namespace sr::test {

Status ModelEngine::start(const std::string&, ivr::CallInfo info) {
  queue_[info.call] = info.settings.at("queue");
  host->script_answer(info.call);
  return {};
}

void ModelEngine::on_answered(CallId call) {
  const std::string& queue = queue_.at(call);
  ivr::QueueRequest request{.queue = queue, .agent = {}};
  if (queue == "service") request.agent = "2002", request.agent_wait = 10s;
  host->script_queue(call, request);
}

void ModelEngine::on_queue_ended(CallId call, ivr::QueueEnd end) {
  if (end == ivr::QueueEnd::timeout) host->script_lost(call, LossStage::timeout, "nobody came", true);
  host->script_hangup(call, 16);
}

}  // namespace sr::test
