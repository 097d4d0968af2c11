// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/analog_audio.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <bit>

namespace sr::dahdi {

bool AnalogAudio::Voice::start(const std::vector<Block>& from) {
  if (from.empty() || on()) return false;
  const std::size_t n = std::min(from.size(), blocks.size());
  std::copy_n(from.begin(), n, blocks.begin());
  stop.store(false, std::memory_order_relaxed);
  at = 0;
  length.store(static_cast<std::uint16_t>(n), std::memory_order_release);
  return true;
}

const Block* AnalogAudio::Voice::next() {
  const std::uint16_t n = length.load(std::memory_order_acquire);
  if (n == 0) return nullptr;
  if (at == n || stop.load(std::memory_order_relaxed)) {
    length.store(0, std::memory_order_release);
    return nullptr;
  }
  return &blocks[at++];
}

AnalogAudio::AnalogAudio(AudioPort& board, std::uint32_t channels, bool ears, std::optional<media::BusyKnown> busy, int wake_fd)
    : board_(board), channels_(channels), hears_busy_(busy.has_value()), wake_fd_(wake_fd) {
  for (std::uint32_t left = channels_; left != 0; left &= left - 1) {
    auto& made = ports_[static_cast<std::size_t>(std::countr_zero(left))] = std::make_unique<Port>();
    if (ears) made->listener = std::make_unique<Listener>(busy.value_or(media::BusyKnown{}));
  }
}

void AnalogAudio::listen(int channel, Ear ear) { port(channel).ear.store(ear == Ear::busy && !hears_busy_ ? Ear::off : ear, std::memory_order_release); }
bool AnalogAudio::say(int channel, const std::vector<Block>& blocks) { return port(channel).out.start(blocks); }
bool AnalogAudio::pretend(int channel, const std::vector<Block>& blocks) { return port(channel).in.start(blocks); }
void AnalogAudio::hush(int channel) { port(channel).out.stop.store(true, std::memory_order_relaxed); }

bool AnalogAudio::receive(SpanAudio& in) {
  std::uint32_t needed = used_;
  for (std::uint32_t left = channels_; left != 0; left &= left - 1) {
    const int c = std::countr_zero(left);
    if (port(c).ear.load(std::memory_order_acquire) != Ear::off || port(c).out.on() || port(c).in.on()) needed |= 1U << c;
  }
  board_.use(needed);
  if (!board_.receive(in)) return false;
  for (std::uint32_t left = channels_; left != 0; left &= left - 1) {
    const int c = std::countr_zero(left);
    if (port(c).listener && in.has(c)) hear(c, port(c), in.blocks[static_cast<std::size_t>(c)]);
    if (const Block* pretended = port(c).in.next()) {
      in.blocks[static_cast<std::size_t>(c)] = *pretended;
      in.present |= 1U << c;
    }
  }
  in.present &= used_;
  return true;
}

void AnalogAudio::send(const SpanAudio& out) {
  const SpanAudio* sent = &out;
  for (std::uint32_t left = channels_; left != 0; left &= left - 1) {
    const int c = std::countr_zero(left);
    const Block* said = port(c).out.next();
    if (said == nullptr) continue;
    if (sent == &out) {
      *mixed_ = out;
      sent = mixed_.get();
    }
    mixed_->blocks[static_cast<std::size_t>(c)] = *said;
    mixed_->present |= 1U << c;
  }
  board_.send(*sent);
}

void AnalogAudio::hear(int channel, Port& p, const Block& block) {
  Listener& ear = *p.listener;
  const Ear wanted = p.ear.load(std::memory_order_acquire);
  if (ear.now != wanted) {
    ear.now = wanted;
    ear.number.reset();
    ear.meter.reset();
    ear.busy.reset();
  }
  if (ear.now == Ear::caller_id && ear.number.feed(block)) {
    tell(channel, LineSignal::caller_id, ear.number.number());
    ear.number.reset();
  }
  if (ear.now != Ear::busy) return;
  const auto busy = ear.busy.feed(ear.meter.hear(block), static_cast<int>(kTick / 1ms));
  if (!busy) return;
  std::array<char, 32> text{};
  std::size_t n = 0;
  const auto put = [&](int value) {
    std::array<char, 6> digits{};
    std::size_t k = 0;
    for (; k == 0 || value > 0; value /= 10) digits[k++] = static_cast<char>('0' + value % 10);
    while (k > 0) text[n++] = digits[--k];
  };
  put(busy->pattern.on);
  text[n++] = '/';
  put(busy->pattern.off);
  if (busy->learned)
    for (const char c : std::string_view(" learned")) text[n++] = c;
  tell(channel, LineSignal::busy_tone, {text.data(), n});
}

// A full ring is a reactor that has stood still for seconds: what is lost is a number or a busy tone that comes too late anyway.
void AnalogAudio::tell(int channel, LineSignal signal, std::string_view text) {
  LineHeard heard{static_cast<std::uint8_t>(channel), signal, static_cast<std::uint8_t>(std::min(text.size(), heard.text.size())), {}};
  std::copy_n(text.begin(), heard.length, heard.text.begin());
  if (heard_.push(heard) && wake_fd_ >= 0) ::eventfd_write(wake_fd_, 1);
}

}  // namespace sr::dahdi
