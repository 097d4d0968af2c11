// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/audio_loop.h"

#include <algorithm>
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

void AudioLoop::tick(int master) {
  Command command;
  for (std::size_t n = 0; n < commands_.capacity() && commands_.pop(command); ++n) engine_.apply(command);
  for (int span = 0; span < spans(); ++span) {
    Line& line = *lines_[static_cast<std::size_t>(span)];
    in_[static_cast<std::size_t>(span)] = take(line, span == master) ? &line.at(0) : nullptr;
    watch(span, line);
  }
  engine_.tick(in_, out_);
  for (std::size_t span = 0; span < lines_.size(); ++span) {
    Line& line = *lines_[span];
    if (in_[span] != nullptr) line.drop();
    line.port.use(engine_.open_channels(static_cast<int>(span)));
    line.port.send(out_[span]);
    line.out.add();
  }
  ticks_.add();
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
