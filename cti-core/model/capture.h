// Number capture as it is configured: when a new caller is taken down by his number instead of being served, and what he hears.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "drivers/base/time.h"

namespace sr {

BOOST_DEFINE_ENUM_CLASS(CaptureMedia, none, early, answered)

struct CaptureConfig {            // capture = {…} of a [[number]]; false: its callers are never captured
  bool on = true;
  int cause = 17;                 // Q.850, of the release
  std::string prompt{};           // one sentence before it …
  CaptureMedia media = CaptureMedia::none;  // … before the answer (Q.931 PROGRESS, indicator 8) or after it
};
BOOST_DESCRIBE_STRUCT(CaptureConfig, (), (on, cause, prompt, media))

struct CaptureLimits {
  std::size_t reserve = 0;        // so many channels of a trunk group are kept free
  std::optional<Duration> expected{};  // longer nobody is let in to wait
};
BOOST_DESCRIBE_STRUCT(CaptureLimits, (), (reserve, expected))

struct TrunkConfig {              // [[trunk]]
  std::string group{};
  std::size_t reserve = 0;
};
BOOST_DESCRIBE_STRUCT(TrunkConfig, (), (group, reserve))

}  // namespace sr
