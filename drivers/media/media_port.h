// board_core's view of the media plane. Two implementations of one behaviour: InlineMedia runs the engine's tick in the caller
// (World, tests: virtual time), ThreadedMedia runs it on the media thread and talks through rings. Both own the AudioLoop, which
// takes one block per span and tick from the AudioPorts (a FIFO of kJitterBlocks per span), runs the engine, and sends one back.
// The tick follows the first span that delivers blocks; without any, the system clock. The exchange's side of a soft span is
// the clock itself: exactly one end of a wire has own_clock (callgen), or both would wait for, or chase, each other.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/base/result.h"
#include "drivers/media/media.h"

namespace sr::media {

inline constexpr int kJitterBlocks = 3;   // a span's FIFO; more: the oldest is dropped (slip)
inline constexpr int kSilentTicks = 10;   // 200 ms without a block: SpanSilent

struct MediaConfig {
  std::string prompt_dir;                 // <lang>/<name>.wav (8 kHz A-law mono), loaded at start
  std::string music_file;                 // A-law WAV; empty: a built-in melody
  std::string record_dir;
  std::string tone_zone = "cn";           // libtonezone country
  int disk_low_percent = 5;
  bool own_clock = false;                 // true: tick by this machine's clock, whatever arrives (the exchange's side)
  bool realtime = true;                   // ask for SCHED_FIFO and mlockall, say in the log when refused
};

struct MediaCounters { std::uint64_t ticks = 0, commands_lost = 0, events_lost = 0, record_blocks_lost = 0; };
struct SpanCounters { std::uint64_t blocks_in = 0, blocks_out = 0, underruns = 0, slips = 0; };

// A finished or stopped recording, reported on the reactor.
struct RecordDone { std::uint32_t record = 0; std::string file; std::uint32_t duration_ms = 0; enum class End { done, disk_low, failed } end = End::done; std::string why; };

class MediaPort {
 public:
  struct Handler {
    std::function<void(const Event&)> on_event;
    std::function<void(const RecordDone&)> on_record_done;
    std::function<void(bool low)> on_disk_low;
  };
  virtual ~MediaPort() = default;
  // Slots are given out in order: span i (as added), channel c has slot(i, c).
  virtual int add_span(AudioPort& port) = 0;  // before start()
  virtual void start(Handler handler) = 0;
  virtual void stop() = 0;                    // ends the thread, finishes the recordings
  virtual Slot slot(int span, int channel) const = 0;
  virtual bool send(const Command& command) = 0;  // false: the ring is full; counted
  virtual Result<std::uint32_t> open_record(const std::string& file) = 0;  // `record` for cmd::Record; the file is made off this thread
  virtual Result<Clip> prompt(const std::string& name) const = 0;          // "zh/welcome"
  virtual Result<Cadence> tone(const std::string& name) const = 0;         // names of board::cmd::Tone in the tone zone, or "f=440[+480][,l=-13]"
  virtual MediaCounters counters() const = 0;
  virtual SpanCounters span_counters(int span) const = 0;
};

// What is wrong with the files and names in a configuration (exit 2). The makers below leave a bad prompt out and log it.
Status check_media(const MediaConfig& config);

// In InlineMedia an empty record_dir keeps recordings in memory only (their lengths; no file).
std::unique_ptr<MediaPort> make_inline_media(Timers& timers, const MediaConfig& config);
std::unique_ptr<MediaPort> make_threaded_media(Reactor& reactor, const MediaConfig& config);

}  // namespace sr::media
