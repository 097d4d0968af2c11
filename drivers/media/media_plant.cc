// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/media_plant.h"

#include <algorithm>

#include "drivers/base/log.h"
#include "drivers/media/tones.h"

namespace sr::media {

Status check_media(const MediaConfig& config) {
  if (auto ok = find_tone(config.tone_zone, "dial"); !ok) return std::unexpected(ok.error());
  if (!config.music_file.empty())
    if (auto clip = read_clip(config.music_file); !clip) {
      Error error = clip.error();
      if (error.fix.empty()) error.fix = "name a WAV file as `music`, or leave it out for the built-in melody";
      return std::unexpected(error);
    }
  if (!config.prompt_dir.empty())
    if (const auto errors = PromptStore().load(config.prompt_dir); !errors.empty()) return std::unexpected(errors.front());
  if (config.disk_low_percent < 0 || config.disk_low_percent > 99)
    return fail("disk_low_percent is " + std::to_string(config.disk_low_percent), {}, "write 0 to 99");
  return {};
}

MediaPlant::MediaPlant(const MediaConfig& config) : config_(config) {
  if (!config.prompt_dir.empty())
    for (const auto& error : prompts_.load(config.prompt_dir)) log::warn("prompt left out: {}", error.text());
  if (!config.music_file.empty()) {
    if (auto clip = read_clip(config.music_file)) music_ = std::move(*clip);
    else log::warn("music left out: {}", clip.error().text());
  }
  if (music_.size() < kBlockSamples) music_ = built_in_melody();
}

int MediaPlant::add_span(AudioPort& port) {
  SR_ENSURE(!built() && ports_.size() < kSpansMax);
  ports_.push_back(&port);
  return static_cast<int>(ports_.size()) - 1;
}

void MediaPlant::build(std::unique_ptr<RecordFiles> files, RecordWriter::Handler handler) {
  const std::size_t slots = ports_.size() * kSlotsPerSpan;
  pool_ = std::make_unique<RecordPool>(slots);
  tap_ = std::make_unique<RecordTap>(*pool_, slots);
  engine_ = std::make_unique<MediaEngine>(ports_.size(), Clip{music_.data(), static_cast<std::uint32_t>(music_.size())}, *tap_, events_);
  writer_ = std::make_unique<RecordWriter>(std::move(files), *pool_, config_.disk_low_percent, std::move(handler));
  loop_ = std::make_unique<AudioLoop>(ports_, *engine_, commands_, events_);
}

Slot MediaPlant::slot(int span, int channel) const {
  if (span < 0 || static_cast<std::size_t>(span) >= ports_.size() || channel < 0 || channel > kSpanChannelsMax) return Slot::none;
  return MediaEngine::slot(span, channel);
}

bool MediaPlant::send(const Command& command) {
  if (commands_.push(command)) return true;
  commands_lost_.add();
  if (const auto* record = std::get_if<cmd::Record>(&command)) (void)writer_->request({.record = record->record, .cancel = true});
  return false;
}

Result<std::uint32_t> MediaPlant::open_record(const std::string& file) {
  if (auto ok = RecordWriter::check_name(file); !ok) return std::unexpected(ok.error());
  if (!built()) return fail("recording '" + file + "': the media plane has not been started");
  RecordRequest request{.record = ++last_record_, .length = static_cast<std::uint8_t>(file.size())};
  std::copy(file.begin(), file.end(), request.file.begin());
  if (!writer_->request(request)) return fail("recording '" + file + "': the writer is behind with " + std::to_string(kOpenRequestsMax) + " files");
  return request.record;
}

Result<Cadence> MediaPlant::tone(const std::string& name) const { return find_tone(config_.tone_zone, name); }

void MediaPlant::publish() {
  events_lost_.set(engine_->events_lost());
  record_blocks_lost_.set(tap_->blocks_lost());
}

MediaCounters MediaPlant::counters() const {
  return {.ticks = loop_ ? loop_->ticks() : 0,
          .commands_lost = commands_lost_.get(),
          .events_lost = events_lost_.get() + (loop_ ? loop_->events_lost() : 0),
          .record_blocks_lost = record_blocks_lost_.get()};
}

SpanCounters MediaPlant::span_counters(int span) const {
  if (!loop_ || span < 0 || span >= loop_->spans()) return {};
  return loop_->counters(span);
}

void MediaPlant::end_records() {
  // A command that no tick has taken: a recording among them must end as well.
  Command command;
  while (commands_.pop(command)) engine_->apply(command);
  for (std::size_t slot = 0; slot < ports_.size() * kSlotsPerSpan; ++slot) tap_->end(slot);
}

}  // namespace sr::media
