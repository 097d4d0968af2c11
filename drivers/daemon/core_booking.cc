// Durability, the one rule: the line hears nothing about a SETUP before its Offered is acknowledged by ctid or on our own disk.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

void Core::run(const cmd::Ack& c) {
  if (delivering_) {  // the list is being read: a little later
    if (c.epoch > ack_epoch_ || (c.epoch == ack_epoch_ && c.seq > ack_seq_)) { ack_epoch_ = c.epoch; ack_seq_ = c.seq; }
    return;
  }
  acknowledge(c.epoch, c.seq);
}

void Core::acknowledge(std::uint64_t epoch, std::uint64_t seq) {
  std::vector<LegId> booked;  // the list is not touched by what booking causes
  log_.acknowledge(epoch, seq, [&](const Envelope& e) {
    if (e.epoch != log_.epoch()) return;
    if (const auto* offered = std::get_if<evt::Offered>(&e.event)) booked.push_back(offered->leg);
  });
  spool_.forget(epoch, seq);
  for (const LegId id : booked)
    if (Leg* leg = legs_.find(id); leg != nullptr && !leg->booked) book(*leg);
}

void Core::book(Leg& leg) {
  leg.booked = true;
  if (leg.span >= 0) line(leg).booked(leg.id);
}

void Core::await_booking(std::uint64_t seq) {
  unbooked_.push_back({seq, timers_.now() + kBookMax});
  if (alone()) booking_due();
  else arm_booking();
}

// One timer for all: they are due in the order in which they came.
void Core::arm_booking() {
  if (booking_ != TimerId::none || unbooked_.empty()) return;
  booking_ = later(unbooked_.front().due - timers_.now(), [this] {
    booking_ = TimerId::none;
    booking_due();
  });
}

// Also the Offered of a caller who has gone already is spooled: every call is in the books.
void Core::booking_due() {
  while (!unbooked_.empty()) {
    const Unbooked one = unbooked_.front();
    const Envelope* event = log_.find(one.seq);  // nullptr: acknowledged
    if (event != nullptr && one.due > timers_.now() && !alone()) break;
    unbooked_.pop_front();
    if (event != nullptr) spool(*event);
  }
  arm_booking();
}

void Core::spool(const Envelope& event) {
  const LegId id = std::get<evt::Offered>(event.event).leg;
  spool_.keep(event, [this, id, alive = std::weak_ptr(alive_)](Kept kept) {
    if (!alive.expired()) spooled(id, kept);
  });
}

void Core::spooled(LegId id, Kept kept) {
  if (kept == Kept::stored) ++counters_.spooled;
  Leg* leg = legs_.find(id);
  if (leg == nullptr || leg->booked) return;  // acknowledged, or gone, in the meantime
  switch (kept) {
    case Kept::stored:
      if (alone()) alone_event(id, "spooled");
      leg = legs_.find(id);
      if (leg == nullptr) return;
      book(*leg);
      leg = legs_.find(id);
      if (leg != nullptr && alone()) alone_do(*leg, Happening::offered);
      return;
    case Kept::reserve:  // the disk is full: refused, but counted – the refusal waits in the reserve
      ++counters_.refused_full;
      log::error("leg {} is refused with cause 42: the disk of the spool file is full", to_number(id));
      line(*leg).clear(id, 42);
      if (leg = legs_.find(id); leg != nullptr) book(*leg);
      return;
    case Kept::failed:  // nothing may be said to the line; T303 of the exchange clears its side
      ++counters_.unbookable;
      log::error("leg {} cannot be booked anywhere: the exchange gets no answer", to_number(id));
      later(kUnbookedMax, [this, id] {
        Leg* late = legs_.find(id);
        if (late == nullptr || late->booked || late->span < 0) return;
        line(*late).clear(id, 42);
        if (late = legs_.find(id); late != nullptr) book(*late);
      });
      return;
  }
}

}  // namespace sr::daemon
