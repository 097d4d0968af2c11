// How a call asked for a queue and how its wait there ended, as words for ctictl explain and as what is booked.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "cti-core/app/calls.h"
#include "cti-core/ivr/ivr.h"

namespace sr::app {

std::string in_words(const ivr::QueueRequest& request);  // " for agent 2003 alone with priority 10"
struct QueueEnded { Cause cause; LossStage stage; };
QueueEnded ended(ivr::QueueEnd end);
void note_end(Call& call, const std::string& queue, const std::string& asked, ivr::QueueEnd end, Duration waited);  // at most kDecisionsMax are kept

}  // namespace sr::app
