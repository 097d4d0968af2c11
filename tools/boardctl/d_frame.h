// One Q.921 frame in a line that a technician reads: "I  sapi 0 tei 0  ns 3 nr 2  SETUP cr 17". Pure; any bytes may come.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <span>
#include <string>

#include "drivers/base/time.h"

namespace sr::boardctl {

std::string describe_frame(std::span<const std::uint8_t> frame);
std::string frame_line(std::string_view span, bool sent, Instant at, std::span<const std::uint8_t> frame);

// Whether the sender is the network side, as the C/R bit of a command or a response shows (Q.921 3.3.2); nothing for a frame
// that may be either.
std::optional<bool> sender_is_network(std::span<const std::uint8_t> frame);

}  // namespace sr::boardctl
