// How a caller who left his number is called back at his turn: [queue.callback] of the center's file.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstddef>

#include "drivers/base/time.h"

namespace sr {

struct PlaceConfig {
  int tries = 2;            // then he goes to the callback list
  Duration ring = 30s;      // the customer's phone
  Duration pause = 120s;    // between two tries
  Duration keep = 14'400s;  // a place that is older goes to the callback list
  std::size_t max = 200;    // places kept in this queue
};
BOOST_DESCRIBE_STRUCT(PlaceConfig, (), (tries, ring, pause, keep, max))
inline constexpr int kPlaceTriesMax = 10;

}  // namespace sr
