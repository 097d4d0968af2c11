// Between the spans' AudioPorts and the engine: a short FIFO per span, one block of each span per tick, one block back.
// Two channels that only hear each other are joined by their driver, if it can, as long as the engine does not need their samples.
// It holds no clock: whoever calls it decides when a tick is due (threaded_media.cc, inline_media.cc). Media thread only; the
// counters may be read from anywhere.
// One block of the span that drives the tick (the master) is one tick; the others follow it. What a FIFO cannot hold is a slip, what
// it lacks an underrun.
// Commands are for the newest block: what waited longer was said before them, and a recording that begins now has none of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "drivers/base/spsc_ring.h"
#include "drivers/media/media.h"
#include "drivers/media/media_engine.h"
#include "drivers/media/media_port.h"

namespace sr::media {

inline constexpr int kPrefillBlocks = 1;  // kept in a follower's FIFO, against packets that come in another order than the master's

// One writer, any reader.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class AudioLoop {
 public:
  AudioLoop(std::vector<AudioPort*> ports, MediaEngine& engine, SpscRing<Command>& commands, SpscRing<Event>& events);

  // Takes at most one waiting block of each span into its FIFO (of `span` alone with receive(span)); true: the span had one.
  bool receive(int span);
  void receive_all();
  // Takes everything that waits, but of `master`; what the FIFOs cannot hold are slips. Called when the master has nothing more.
  void drain(int master);
  // One tick: commands (unless a newer block waits), one block of each span, the engine, one block to each span.
  // master -1: nobody drives, all follow.
  void tick(int master, bool newest = true);
  int delivering() const;  // the first span with a block in its FIFO; -1: none
  int waiting(int span) const { return lines_[static_cast<std::size_t>(span)]->count; }  // blocks in its FIFO

  int spans() const { return static_cast<int>(lines_.size()); }
  int fd(int span) const { return lines_[static_cast<std::size_t>(span)]->port.fd(); }
  std::uint64_t ticks() const { return ticks_.get(); }
  std::uint64_t events_lost() const { return events_lost_.get(); }
  SpanCounters counters(int span) const;
  void emit(const Event& event);

 private:
  struct Line {
    explicit Line(AudioPort& p) : port(p) {}
    AudioPort& port;
    std::array<SpanAudio, kJitterBlocks> fifo;
    int head = 0, count = 0;
    bool filling = true;      // waits for the prefill
    bool arrived = false;     // since the last tick
    bool silent = false;      // SpanSilent was told
    std::uint32_t joined = 0, refused = 0;                // bit n: channel n, by the driver; refused: not asked again for this connection
    std::array<Slot, kSlotsPerSpan> with{};               // of those channels
    int quiet_ticks = 0;
    Counter in, out, underruns, slips;
    SpanAudio& at(int n) { return fifo[static_cast<std::size_t>((head + n) % kJitterBlocks)]; }
    void drop() { head = (head + 1) % kJitterBlocks; --count; }
  };
  bool take(Line& line, bool master);
  void watch(int span, Line& line);
  void settle_joins(int span, Line& line);
  struct Place { Line& line; int channel; };
  Place place(Slot slot);
  Slot partner(Slot slot);
  void join(Slot slot, Slot peer);

  std::vector<std::unique_ptr<Line>> lines_;
  MediaEngine& engine_;
  SpscRing<Command>& commands_;
  SpscRing<Event>& events_;
  std::unique_ptr<SpanAudio> spare_;
  std::vector<const SpanAudio*> in_;
  std::vector<SpanAudio> out_;
  Counter ticks_, events_lost_;
};

}  // namespace sr::media
