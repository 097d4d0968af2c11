// Who listens to a slot: what he hears, and who hears him. It lies over the sources that the slots have: a conversation that somebody
// listens to, whispers into or barges into is the same one before, meanwhile and afterwards.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/media_engine.h"
#include "drivers/media/voice_sum.h"

namespace sr::media {

// Before anything is sent: what a slot says to others is its own voice and that of those who barge in on its side.
void MediaEngine::join_voices() {
  for (const auto t : active_) {
    if (states_[t].bargers == 0) continue;
    VoiceSum sum;
    sum.add(input(t));
    for (const auto i : active_)
      if (states_[i].target == static_cast<Slot>(t) && states_[i].listens_as == ListenAs::barge) sum.add(input(i));
    states_[t].voiced = sum.write(voices_[t]);
  }
}

// What his target says and hears, and the other coaches; not himself.
void MediaEngine::send_listener(std::size_t i) {
  const std::size_t t = index(states_[i].target);
  const SpanAudio& span = out_[t / kSlotsPerSpan];
  const bool other_listener = states_[t].source == Source::listen;
  VoiceSum sum;
  sum.add(input(t));
  if (span.has(static_cast<int>(t % kSlotsPerSpan)) && !other_listener) sum.add(&span.blocks[t % kSlotsPerSpan]);
  if (states_[t].coaches > 0)
    for (const auto other : active_)
      if (other != i && states_[other].target == static_cast<Slot>(t) && states_[other].listens_as != ListenAs::listen) sum.add(input(other));
  if (sum.write(output(i))) present(i);
}

// After the listeners, because what they heard is without themselves.
void MediaEngine::coach() {
  for (const auto t : active_) {
    if (states_[t].coaches == 0) continue;
    VoiceSum sum;
    if (out_[t / kSlotsPerSpan].has(static_cast<int>(t % kSlotsPerSpan))) sum.add(&output(t));
    for (const auto i : active_)
      if (states_[i].target == static_cast<Slot>(t) && states_[i].listens_as != ListenAs::listen) sum.add(input(i));
    if (sum.write(output(t))) present(t);
  }
}

}  // namespace sr::media
