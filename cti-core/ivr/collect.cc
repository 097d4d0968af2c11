// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/collect.h"

namespace sr::ivr {

bool Collector::digit(char digit) {
  if (ended()) return true;
  if (request_.terminator != 0 && digit == request_.terminator) return finish(CollectEnd::terminator);
  digits_ += digit;
  return digits_.size() >= request_.max && finish(CollectEnd::max);
}

bool Collector::timeout() { return ended() || finish(CollectEnd::timeout); }

bool Collector::finish(CollectEnd how) {
  end_ = how;
  if (digits_.empty() && how == CollectEnd::timeout && request_.min > 0)
    end_ = CollectEnd::none;
  else if (digits_.size() < request_.min)
    end_ = CollectEnd::too_few;
  else if (request_.pattern) {
    const Match m = request_.pattern->match_at(digits_, 0);
    if (m.end != Match::End::found || m.finish != digits_.size()) end_ = CollectEnd::invalid;
  }
  return true;
}

}  // namespace sr::ivr
