// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/stage.h"

namespace sr::test {

Status ModelEngine::start(const std::string&, ivr::CallInfo info) {
  callers_[info.call] = {info.settings.at("queue"), info.calling};
  host->script_answer(info.call);
  return {};
}

void ModelEngine::on_answered(CallId call) {
  const std::string& queue = callers_.at(call).queue;
  ivr::QueueRequest request{.queue = queue, .agent = {}, .callback_key = keep_key_};
  if (queue == "service") request.agent = "2002", request.agent_wait = 10s;
  host->script_queue(call, request);
}

void ModelEngine::on_queue_ended(CallId call, ivr::QueueEnd end) {
  if (end == ivr::QueueEnd::callback) {
    if (!host->script_keep_place(call, callers_.at(call).calling)) return on_answered(call);
    return host->script_play(call, 1, {"zh/goodbye"}, false);
  }
  if (end == ivr::QueueEnd::timeout) host->script_lost(call, LossStage::timeout, "nobody came", true);
  host->script_hangup(call, 16);
}

}  // namespace sr::test
