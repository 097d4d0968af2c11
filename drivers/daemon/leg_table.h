// The legs of a board and the channels they are on. A channel carries at most one leg; a leg is on at most one channel (on none
// between a lost glare and the second try). Pointers are good within one turn only.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "drivers/board/board.h"
#include "drivers/span/span.h"

namespace sr::daemon {

enum class Hears { nothing, line_tone, prompt, tone, music, other };  // what is put into the leg's ear now; other: a leg or a conference
enum class AloneStage { none, waiting, answering, announcing };

struct Leg {
  LegId id{};
  int span = -1;     // whose signalling knows it; -1: between a lost glare and the second try
  int channel = 0;   // 0: none – a SETUP for which there was no channel
  int lost_span = -1, lost_channel = 0;  // glare: not there again
  board::LineKind line = board::LineKind::trunk;
  bool outgoing = false;
  bool booked = true;          // false: the Offered is neither acknowledged nor in the spool file
  bool answered = false;
  bool initiated = false;      // a phone that went off-hook by itself
  bool tried_again = false;    // glare: the second channel
  std::string station, group, calling, called;
  board::Tag tag;
  LegId partner{};             // Connect
  LegId listens_to{};          // Listen
  board::ListenAs listens_as = board::ListenAs::listen;
  std::uint32_t conference = 0;
  bool in_conference = false;
  Hears hears = Hears::nothing;
  bool music_after = false;    // alone: music when the prompt is over
  std::uint32_t media_play = 0;
  std::uint32_t record = 0;
  bool recording = false;
  bool detect_dtmf = false, detect_activity = false;  // as ctid asked
  bool dtmf_on = false, activity_on = false;          // as the engine was told
  AloneStage alone = AloneStage::none;
  TimerId alone_timer = TimerId::none;
  Instant since{};
};

class LegTable {
 public:
  explicit LegTable(std::size_t spans) : at_(spans), busy_(spans) {}
  Leg* add(LegId id);  // nullptr: the number is taken
  Leg* find(LegId id);
  const Leg* find(LegId id) const;
  Leg* at(int span, int channel) const;
  void put_on(Leg& leg, int span, int channel);
  void take_off(Leg& leg);
  void erase(LegId id);
  std::uint32_t busy(int span) const { return busy_[static_cast<std::size_t>(span)]; }
  int in_use(int span) const;
  std::size_t size() const { return legs_.size(); }
  std::vector<LegId> ids() const;  // ascending

 private:
  std::unordered_map<LegId, Leg> legs_;
  std::vector<std::array<Leg*, kSpanChannelsMax + 1>> at_;
  std::vector<std::uint32_t> busy_;
};

}  // namespace sr::daemon
