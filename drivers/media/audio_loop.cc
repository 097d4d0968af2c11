// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/audio_loop.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sr::media {
namespace {
constexpr int kDrainMax = 64;  // blocks taken from one span at once; more wait for the next time
}  // namespace

AudioLoop::AudioLoop(std::vector<AudioPort*> ports, MediaEngine& engine, SpscRing<Command>& commands, SpscRing<Event>& events)
    : engine_(engine), commands_(commands), events_(events), spare_(std::make_unique<SpanAudio>()), in_(ports.size()), out_(ports.size()) {
  for (auto* port : ports) lines_.push_back(std::make_unique<Line>(*port));
}

bool AudioLoop::receive(int span) {
  Line& line = *lines_[static_cast<std::size_t>(span)];
  const bool full = line.count == kJitterBlocks;
  SpanAudio& place = full ? *spare_ : line.at(line.count);
  if (!line.port.receive(place)) return false;
  line.in.add();
  line.arrived = true;
  if (full) {
    line.slips.add();
    line.drop();
    line.at(line.count) = *spare_;
  }
  ++line.count;
  return true;
}

void AudioLoop::receive_all() {
  for (int span = 0; span < spans(); ++span) receive(span);
}

void AudioLoop::drain(int master) {
  for (int span = 0; span < spans(); ++span)
    for (int n = 0; span != master && n < kDrainMax && receive(span); ++n) {
    }
}

int AudioLoop::delivering() const {
  for (int span = 0; span < spans(); ++span)
    if (lines_[static_cast<std::size_t>(span)]->count > 0) return span;
  return -1;
}

void AudioLoop::tick(int master, bool newest) {
  Command command;
  for (std::size_t n = 0; newest && n < commands_.capacity() && commands_.pop(command); ++n) engine_.apply(command);
  for (int span = 0; span < spans(); ++span) {
    Line& line = *lines_[static_cast<std::size_t>(span)];
    in_[static_cast<std::size_t>(span)] = take(line, span == master) ? &line.at(0) : nullptr;
    watch(span, line);
  }
  engine_.tick(in_, out_);
  for (std::size_t span = 0; span < lines_.size(); ++span) {
    Line& line = *lines_[span];
    if (in_[span] != nullptr) line.drop();
    settle_joins(static_cast<int>(span), line);
    line.port.use(engine_.open_channels(static_cast<int>(span)));
    line.port.send(out_[span]);
    line.out.add();
  }
  ticks_.add();
}

AudioLoop::Place AudioLoop::place(Slot slot) {
  const std::size_t i = static_cast<std::size_t>(slot);
  return {*lines_[i / kSlotsPerSpan], static_cast<int>(i % kSlotsPerSpan)};
}

// Whom the driver could join `slot` with now.
Slot AudioLoop::partner(Slot slot) {
  const Slot peer = engine_.alone_with(slot);
  if (peer == Slot::none) return peer;
  const Place a = place(slot), b = place(peer);
  const Junction here = a.line.port.junction(a.channel), there = b.line.port.junction(b.channel);
  return here.line != 0 && there.line != 0 && here.kind == there.kind ? peer : Slot::none;
}

void AudioLoop::settle_joins(int span, Line& line) {
  for (std::uint32_t left = engine_.open_channels(span) | line.joined | line.refused; left != 0; left &= left - 1) {
    const int c = std::countr_zero(left);
    const std::uint32_t bit = 1U << c;
    const Slot slot = MediaEngine::slot(span, c), peer = partner(slot), with = line.with[static_cast<std::size_t>(c)];
    if (((line.joined | line.refused) & bit) != 0 && peer != with) {
      if ((line.joined & bit) != 0) line.port.part(c, engine_.connected(slot, with));
      line.joined &= ~bit;
      line.refused &= ~bit;
    }
    if (peer != Slot::none && slot < peer && ((line.joined | line.refused) & bit) == 0) join(slot, peer);
  }
}

void AudioLoop::join(Slot slot, Slot peer) {
  const Place a = place(slot), b = place(peer);
  const int line_a = a.line.port.junction(a.channel).line, line_b = b.line.port.junction(b.channel).line;
  const bool half = a.line.port.join(a.channel, line_b), both = half && b.line.port.join(b.channel, line_a);
  if (half && !both) a.line.port.part(a.channel, true);
  for (const auto& [place, with] : {std::pair{a, peer}, std::pair{b, slot}}) {
    (both ? place.line.joined : place.line.refused) |= 1U << place.channel;
    place.line.with[static_cast<std::size_t>(place.channel)] = with;
  }
}

bool AudioLoop::take(Line& line, bool master) {
  if (line.filling && line.count > (master ? 0 : kPrefillBlocks)) line.filling = false;
  if (line.filling) {
    // A span that is known to be away, or has not begun, is not late.
    if (!line.silent && line.in.get() > 0) line.underruns.add();
    return false;
  }
  if (line.count > 0) return true;
  line.underruns.add();
  line.filling = true;
  return false;
}

void AudioLoop::watch(int span, Line& line) {
  if (std::exchange(line.arrived, false)) {
    line.quiet_ticks = 0;
    if (std::exchange(line.silent, false)) emit(evt::SpanSilent{static_cast<std::uint8_t>(span), false});
  } else if (!line.silent && ++line.quiet_ticks >= kSilentTicks) {
    line.silent = true;
    emit(evt::SpanSilent{static_cast<std::uint8_t>(span), true});
  }
}

void AudioLoop::emit(const Event& event) {
  if (!events_.push(event)) events_lost_.add();
}

SpanCounters AudioLoop::counters(int span) const {
  const Line& line = *lines_[static_cast<std::size_t>(span)];
  return {.blocks_in = line.in.get(), .blocks_out = line.out.get(), .underruns = line.underruns.get(), .slips = line.slips.get()};
}

}  // namespace sr::media
