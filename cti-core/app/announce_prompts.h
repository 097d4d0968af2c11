// What a waiting caller hears, as prompts. Pure. Names as in ivr-scripts/prompts/<language>.txt.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "cti-core/acd/announce.h"
#include "cti-core/model/config.h"

namespace sr::app {

// The turn-th announcement of a caller: place and wait as far as they are told, a comfort prompt, the offer if `offers`.
std::vector<std::string> announce_prompts(const AnnounceConfig& config, const acd::Told& told, std::size_t turn, bool offers, const std::string& language);

// Every prompt that the center itself may speak to callers of this queue, without language.
std::vector<std::string> announce_prompt_names(const QueueConfig& queue);

}  // namespace sr::app
