// What both media ports are made of: prompts, music, rings, engine, loop and recorder, put together once the spans are known.
// Who calls what from which thread is inline_media.cc's and threaded_media.cc's.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/spsc_ring.h"
#include "drivers/media/audio_loop.h"
#include "drivers/media/media_port.h"
#include "drivers/media/prompt_store.h"
#include "drivers/media/record_writer.h"

namespace sr::media {

inline constexpr std::size_t kCommandsMax = 4'096;  // between two ticks; more are refused and counted
inline constexpr std::size_t kEventsMax = 8'192;
inline constexpr std::size_t kSpansMax = 256;       // evt::SpanSilent counts them in a byte

class MediaPlant {
 public:
  explicit MediaPlant(const MediaConfig& config);

  int add_span(AudioPort& port);
  // All spans are there. `slots` of engine and recorder are sized here.
  void build(std::unique_ptr<RecordFiles> files, RecordWriter::Handler handler);
  bool built() const { return loop_ != nullptr; }

  bool send(const Command& command);
  Result<std::uint32_t> open_record(const std::string& file);
  Result<Clip> prompt(const std::string& name) const { return prompts_.find(name); }
  Result<Cadence> tone(const std::string& name) const;
  MediaCounters counters() const;
  SpanCounters span_counters(int span) const;
  Slot slot(int span, int channel) const;
  // No tick follows: hands over what is being recorded.
  void end_records();

  AudioLoop& loop() { return *loop_; }
  RecordWriter& writer() { return *writer_; }
  SpscRing<Event>& events() { return events_; }
  void publish();  // media thread, after a tick: what counters() shows of the engine

 private:
  const MediaConfig config_;
  PromptStore prompts_;
  std::vector<std::uint8_t> music_;
  std::vector<AudioPort*> ports_;
  SpscRing<Command> commands_{kCommandsMax};
  SpscRing<Event> events_{kEventsMax};
  std::unique_ptr<RecordPool> pool_;
  std::unique_ptr<RecordTap> tap_;
  std::unique_ptr<MediaEngine> engine_;
  std::unique_ptr<AudioLoop> loop_;
  std::unique_ptr<RecordWriter> writer_;
  std::uint32_t last_record_ = 0;
  Counter commands_lost_, events_lost_, record_blocks_lost_;
};

}  // namespace sr::media
