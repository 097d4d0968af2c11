// What a Play is played in: the configuration of a small center, where its agents sit, who calls it, and what cannot happen there.
//   office   2001 serves orders and service, 2002 serves service and helps orders when two wait there; both at stations
//   places   one agent; a caller keeps his place by key and is called back at his turn; one has done so already
//   capture  one agent; three channels, of which two are kept free: the second caller hears a sentence, the third is refused
//   outside  two agents outside: 2001 on a line that is kept up, 2002 is dialled for each call and presses a key
//   whole    all of it at once, and 2002's station is a headset; nobody is logged on at the beginning
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cti-core/model/config.h"
#include "tests/model/steps.h"

namespace sr::test {

inline constexpr int kModelCallers = 3, kModelAgents = 2;
inline constexpr char kKeepKey = '1', kAcceptKey = '5';

struct Scene {
  std::string name;
  CenterConfig config{};
  int agents = kModelAgents;
  int customers = 0;              // each calls from his own number; 0: all from one. The third withholds it
  int channels = 30;              // of the only trunk group
  std::vector<Act> without{};     // what does not happen here
  Steps before{};                 // what has happened when it begins

  bool has(Act act) const { return std::ranges::find(without, act) == without.end(); }
};

std::string station_of(int agent);  // "1001"
std::string agent_id(int agent);    // "2001"
std::string outside_phone(int agent), outside_number(int agent);  // "line", "601"
std::string customer_number(const Scene& scene, int customer);  // empty: withheld
const Scene* find_scene(std::string_view name);  // nullptr: there is none

}  // namespace sr::test
