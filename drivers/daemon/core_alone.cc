// While ctid is away: does what the table in alone.h says, and reports each act as an event with its time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

void Core::begin_alone() {
  for (const auto& u : units_) u->sig->set_alone(true);
  same_call_.clear();  // tags do not change while nobody is there to change them
  const auto ids = legs_.ids();
  for (const LegId id : ids) {
    const Leg& leg = *legs_.find(id);
    if (leg.tag.call != 0) same_call_.emplace(leg.tag.call, id);
  }
  booking_due();  // nobody will acknowledge: what is not booked goes to the spool file now
  for (const LegId id : ids) {
    Leg* leg = legs_.find(id);
    if (leg == nullptr || !leg->booked) continue;  // a leg being spooled is alerted when it is on the disk
    if (leg->initiated) {
      alone_do(*leg, Happening::lost_dialling);
      continue;
    }
    if (leg->outgoing) alone_do(*leg, leg->answered ? Happening::lost_answered : Happening::lost_outgoing);
    else alone_do(*leg, leg->answered ? Happening::lost_answered : Happening::lost_unanswered);
  }
}

void Core::end_alone() {
  for (const auto& u : units_) u->sig->set_alone(false);
  same_call_.clear();
  for (const LegId id : legs_.ids()) {
    Leg& leg = *legs_.find(id);
    timers_.cancel(std::exchange(leg.alone_timer, TimerId::none));
    leg.alone = AloneStage::none;
    leg.music_after = false;
  }
}

void Core::alone_event(LegId leg, std::string_view act) { emit(evt::Alone{leg, std::string(act)}); }

void Core::alone_do(Leg& leg, Happening what) {
  const LegId id = leg.id;
  if (is_test_leg(id)) return;
  const AloneAct act = alone_act(what, leg.tag.mode);
  const auto word = alone_word(act);
  switch (act) {
    case AloneAct::keep: return;
    case AloneAct::music_after:
      if (leg.hears == Hears::music) return;  // it has its music
      if (leg.hears == Hears::prompt) { leg.music_after = true; return; }
      start_music(leg);
      return alone_event(id, "music");
    case AloneAct::music:
      leg.alone = AloneStage::none;
      if (leg.hears == Hears::music) return;
      start_music(leg);
      return alone_event(id, word);
    case AloneAct::congestion:
      play_tone(leg, "congestion", Hears::tone);
      return alone_event(id, word);
    case AloneAct::release:
      alone_event(id, word);
      if (leg.span >= 0) line(leg).clear(id, 16);
      return;
    case AloneAct::alert: {
      if (leg.span < 0 || stopping_) return;
      line(leg).alert(id);
      alone_event(id, word);
      Leg* still = legs_.find(id);
      if (still == nullptr) return;
      still->alone = AloneStage::waiting;
      still->alone_timer = later(config_.fallback_after, [this, id] {
        Leg* waited = legs_.find(id);
        if (waited == nullptr || waited->alone != AloneStage::waiting) return;
        waited->alone_timer = TimerId::none;
        if (waited->answered) return;
        alone_do(*waited, Happening::waited);
      });
      return;
    }
    case AloneAct::fallback:
      if (leg.span < 0) return;
      leg.alone = AloneStage::answering;  // the announcement begins when the answer is through
      alone_event(id, word);
      line(leg).answer(id);
      return;
  }
}

// `gone` has been released. Its partner, or else the other legs of ctid's call, follow by the table; a conference of which two
// or more remain goes on.
void Core::alone_others(LegId gone, const Tag& tag, LegId partner) {
  std::vector<LegId> rest;
  if (tag.call != 0) {
    const auto [first, last] = same_call_.equal_range(tag.call);
    for (auto it = first; it != last;) {
      if (it->second == gone) { it = same_call_.erase(it); continue; }
      rest.push_back(it->second);
      ++it;
    }
  }
  if (rest.empty() && partner != LegId::none) rest.push_back(partner);
  std::size_t in_conference = 0;
  for (const LegId id : rest)
    if (const Leg* leg = legs_.find(id); leg != nullptr && leg->in_conference) ++in_conference;
  if (in_conference >= 2) return;
  for (const LegId id : rest)
    if (Leg* leg = legs_.find(id)) alone_do(*leg, Happening::other_gone);
}

}  // namespace sr::daemon
