// What a waiting caller is told, and when: [queue.announce] of the center's file. acd/announce.h decides by it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "drivers/base/time.h"

namespace sr {

struct AnnounceConfig {
  Duration first{};                    // after so long in the line; zero: nothing is announced
  Duration every = 60s;                // from the beginning of one to that of the next
  bool position = true, wait = true;   // what is told, as far as it is known
  std::vector<std::string> comfort{};  // prompts, one after each announcement, in turn
  std::string offer{};                 // the last one, to callers whose script takes a key (callback_key)
  std::vector<Duration> music{};       // marks: where the music goes on after an announcement, in turn; none: wherever it is
};
BOOST_DESCRIBE_STRUCT(AnnounceConfig, (), (first, every, position, wait, comfort, offer, music))
inline constexpr Duration kAnnounceEveryMin = 10s;
inline constexpr std::size_t kAnnounceListMax = 20;  // comfort prompts, marks

}  // namespace sr
