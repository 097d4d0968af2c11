// Number capture: while channels are few or the wait is long a new caller is booked, his number goes into the callback list, and he is released
// at once or after one sentence (acd/capture.h decides). After a restart of ctid one who heard the sentence is released.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/capture.h"

#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

bool Center::capture(Call& call) {
  const NumberConfig& number = *call.number;
  const auto trunk = std::ranges::find(config_.trunks, call.group, &TrunkConfig::group);
  acd::CaptureCase now{.free = trunks(call.group).free() + 1,
                       .always = {trunk == config_.trunks.end() ? 0 : trunk->reserve, number.capture_expected},
                       .spot = armed_limits(config_.spots, number.number, here()),
                       .expected = {},
                       .line = call.line};
  const acd::QueueNo queue = queue_of_number(call);
  if ((now.always.expected || now.spot.expected) && queue != acd::QueueNo::none) now.expected = expected_wait(queue, waiting_.size(queue) + on_the_way(queue) - 1);
  const acd::Capture decided = acd::capture(now, number.capture);
  if (decided.act == acd::Capture::Act::none) return false;

  const char* why = decided.why == acd::CaptureWhy::channels ? "too few channels free" : "the wait would be too long";
  log::info("call {}: captured: {}, {} channels free", to_number(call.id), why, now.free - 1);
  const std::string reason = loss::customer_number(call.calling).empty() ? "number withheld" : why;
  if (decided.act == acd::Capture::Act::release) {
    refuse(call, decided.cause, LossStage::captured, reason);
    return true;
  }
  book_lost(call, LossStage::captured, reason);
  advance(call, CallEvent::capture);
  tag(call.leg, call.id, board::Mode::none);
  call.capture_cause = decided.cause;
  guarded(call.fallback_timer, kFallbackTime, [this, id = call.id] {
    if (Call* c = find(id); c && c->phase == Phase::captured) end_captured(*c);
  });
  if (decided.act == acd::Capture::Act::answered) {
    call.answer_sent = true;
    send(board::cmd::Answer{call.leg});
  } else {
    send(board::cmd::Progress{call.leg});
    say_captured(call);
  }
  return true;
}

void Center::say_captured(Call& call) {
  if (call.number->capture.prompt.empty()) return end_captured(call);
  send(board::cmd::Play{call.leg, kHostPlay, {call.number->language + "/" + call.number->capture.prompt}, false});
}

void Center::end_captured(Call& call) { clear(call, call.capture_cause, cause_for(call.capture_cause)); }

// ---- trunk groups ----------------------------------------------------------------------------------------------------

Trunks Center::trunks(const std::string& group) const {
  Trunks out;
  for (const auto& [name, span] : spans_) {
    if (span.shown.group != group) continue;
    const auto& usable = span.shown.usable;
    out.usable += usable.size();
    out.in_use += static_cast<std::size_t>(std::max(span.in_use, 0));
    if (usable.size() >= static_cast<std::size_t>(span.shown.channels)) continue;
    const auto elsewhere = [&](const auto& c) { return c.second.span == name && std::ranges::find(usable, c.second.channel) == usable.end(); };
    out.in_use -= static_cast<std::size_t>(std::ranges::count_if(calls_, elsewhere) + std::ranges::count_if(outs_, elsewhere) + std::ranges::count_if(legs_, elsewhere));  // up on a channel that is busied out
  }
  return out;
}

std::size_t Center::on_the_way(acd::QueueNo queue) const {
  const std::string& name = config_.queues[acd::index(queue)].name;
  return static_cast<std::size_t>(std::ranges::count_if(calls_, [&](const auto& c) { return c.second.phase == Phase::script && !c.second.booked && c.second.number && c.second.number->queue == name; }));
}

}  // namespace sr::app
