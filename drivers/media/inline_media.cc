// MediaPort in the caller's thread: a timer ticks every 20 ms and everything happens in its turn (World, tests).
// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include "drivers/media/media_plant.h"
#include "drivers/media/media_port.h"

namespace sr::media {
namespace {

constexpr int kTicksPerWrite = 5;  // the writer's turn of 100 ms

class InlineMedia final : public MediaPort {
 public:
  InlineMedia(Timers& timers, const MediaConfig& config) : timers_(timers), record_dir_(config.record_dir), plant_(config) {}
  ~InlineMedia() override { stop(); }

  int add_span(AudioPort& port) override { return plant_.add_span(port); }

  void start(Handler handler) override {
    handler_ = std::move(handler);
    std::unique_ptr<RecordFiles> files;
    if (record_dir_.empty()) files = std::make_unique<MemoryFiles>(false);
    else files = make_disk_files(record_dir_);
    plant_.build(std::move(files), {.on_done = [this](RecordDone done) { if (handler_.on_record_done) handler_.on_record_done(done); },
                                    .on_disk_low = [this](bool low) { if (handler_.on_disk_low) handler_.on_disk_low(low); }});
    next_ = timers_.now() + kTick;
    timer_ = timers_.at(next_, [this] { tick(); });
  }

  void stop() override {
    if (timer_ == TimerId::none) return;
    timers_.cancel(std::exchange(timer_, TimerId::none));
    plant_.end_records();
    plant_.writer().finish_all();
  }

  Slot slot(int span, int channel) const override { return plant_.slot(span, channel); }
  bool send(const Command& command) override { return plant_.send(command); }
  Result<std::uint32_t> open_record(const std::string& file) override { return plant_.open_record(file); }
  Result<Clip> prompt(const std::string& name) const override { return plant_.prompt(name); }
  Result<Cadence> tone(const std::string& name) const override { return plant_.tone(name); }
  MediaCounters counters() const override { return plant_.counters(); }
  SpanCounters span_counters(int span) const override { return plant_.span_counters(span); }

 private:
  void tick() {
    next_ += kTick;
    timer_ = timers_.at(next_, [this] { tick(); });
    AudioLoop& loop = plant_.loop();
    loop.drain(-1);
    loop.tick(-1);
    plant_.publish();
    if (++ticks_ % kTicksPerWrite == 0) plant_.writer().turn();
    Event event;
    while (plant_.events().pop(event))
      if (handler_.on_event) handler_.on_event(event);
  }

  Timers& timers_;
  const std::string record_dir_;
  MediaPlant plant_;
  Handler handler_;
  TimerId timer_ = TimerId::none;
  Instant next_{};
  std::uint64_t ticks_ = 0;
};

}  // namespace

std::unique_ptr<MediaPort> make_inline_media(Timers& timers, const MediaConfig& config) { return std::make_unique<InlineMedia>(timers, config); }

}  // namespace sr::media
