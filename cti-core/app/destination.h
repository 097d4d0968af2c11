// Whom an agent wants: the digits he dials while his caller is held, and `to` of a client's transfer. Pure.
//   2002        an agent's id, or the phone where he is logged on; he must be ready
//   1005        a phone where nobody is logged on
//   0 139…      an outside number behind the access digit
//   600         a queue's extension
// # ends; without it a pause (kInterDigit), or the last digit where nothing longer is possible.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cti-core/acd/agent_table.h"
#include "cti-core/app/calls.h"
#include "cti-core/model/config.h"

namespace sr::app {

struct Destination {
  enum class Kind { more, wrong, agent, phone, outside, queue };
  Kind kind = Kind::wrong;
  acd::AgentNo agent = acd::AgentNo::none;
  std::string number{};                    // phone: its station; outside: without the access digit
  acd::QueueNo queue = acd::QueueNo::none;
  bool operator==(const Destination&) const = default;
};

struct Directory {
  const CenterConfig& config;
  acd::AgentTable& agents;
  const std::map<std::string, Phone>& phones;
  const std::unordered_map<std::string, acd::QueueNo>& queues;  // configured now, by name
};

Destination read_destination(std::string_view digits, bool ended, const Directory& directory);
Destination destination_named(std::string_view to, const Directory& directory);  // also a queue's name

}  // namespace sr::app
