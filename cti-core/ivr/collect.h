// The digits of one collect{}: what has been typed so far and whether it is enough. Pure; the session owns the timers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "cti-core/ivr/lua_pattern.h"
#include "drivers/base/time.h"

namespace sr::ivr {

// max, terminator, timeout: the digits are good. none: nothing was typed in time; too_few: fewer than min; invalid: the
// pattern does not fit.
BOOST_DEFINE_ENUM_CLASS(CollectEnd, max, terminator, timeout, none, too_few, invalid)

struct CollectRequest {
  std::size_t min = 1, max = 1;
  Duration first_timeout = 5s, digit_timeout = 3s;
  char terminator = '#';              // 0: none
  std::optional<Pattern> pattern;     // must fit the whole
};

class Collector {
 public:
  explicit Collector(CollectRequest request) : request_(std::move(request)) {}
  // True: it has ended, `end()` says how.
  bool digit(char digit);
  bool timeout();
  bool ended() const { return end_.has_value(); }
  CollectEnd end() const { return *end_; }
  bool good() const { return ended() && *end_ <= CollectEnd::timeout; }
  const std::string& digits() const { return digits_; }
  Duration next_timeout() const { return digits_.empty() ? request_.first_timeout : request_.digit_timeout; }

 private:
  bool finish(CollectEnd how);
  CollectRequest request_;
  std::string digits_;
  std::optional<CollectEnd> end_;
};

}  // namespace sr::ivr
