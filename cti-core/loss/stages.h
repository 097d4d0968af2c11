// The stages at which a caller can be lost (mission D1), in words for people. One row per LossStage; the compiler counts them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string_view>

#include "cti-core/model/events.h"

namespace sr::loss {

std::string_view words(LossStage stage);
std::string_view words(std::string_view stage);  // by its name in the journal; an unknown name is given back

}  // namespace sr::loss
