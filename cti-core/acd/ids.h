// Places in the tables of the distribution: an agent's and a queue's number are their places in the configuration.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>

namespace sr::acd {

enum class AgentNo : std::uint32_t { none = 0xffffffff };
enum class QueueNo : std::uint32_t { none = 0xffffffff };
inline std::size_t index(AgentNo no) { return static_cast<std::size_t>(no); }
inline std::size_t index(QueueNo no) { return static_cast<std::size_t>(no); }

}  // namespace sr::acd
