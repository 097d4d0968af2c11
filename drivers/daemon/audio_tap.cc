// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/audio_tap.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "drivers/media/g711.h"

namespace sr::daemon {
namespace {

double dbm0_of(std::uint32_t power) {
  static const double full = media::power_of(0);
  return power == 0 ? kSilentDbm0 : std::max(kSilentDbm0, 10 * std::log10(power / full));
}

template <class Do>
void each(std::uint32_t channels, Do work) {
  for (; channels != 0; channels &= channels - 1) work(static_cast<std::size_t>(std::countr_zero(channels)));
}

}  // namespace

// ---- the reactor's -----------------------------------------------------------------------------------------------------------

void AudioTap::set(std::uint32_t loop, std::uint32_t bert, std::uint32_t meter) {
  loop_.store(loop, std::memory_order_relaxed);
  meter_.store(meter, std::memory_order_relaxed);
  bert_.store(bert, std::memory_order_release);  // the states that begin_bert() made are seen
}

void AudioTap::begin_bert(int channel) {
  Test& t = test_[static_cast<std::size_t>(channel)];
  if (!t.bert) t.bert = std::make_unique<media::Bert>();
  t.wanted.store(t.wanted.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

ChannelLevels AudioTap::level(int channel) const {
  const auto c = static_cast<std::size_t>(channel);
  return {dbm0_of(heard_[c].power.load(std::memory_order_relaxed)), dbm0_of(sent_[c].power.load(std::memory_order_relaxed))};
}

media::BertCount AudioTap::bert(int channel) const {
  const Test& t = test_[static_cast<std::size_t>(channel)];
  if (t.told.load(std::memory_order_acquire) != t.wanted.load(std::memory_order_relaxed)) return {};  // it has not begun
  return {t.bits.load(std::memory_order_relaxed), t.errors.load(std::memory_order_relaxed), t.losses.load(std::memory_order_relaxed)};
}

// ---- the media thread's ------------------------------------------------------------------------------------------------------

void AudioTap::adopt() {
  berts_ = bert_.load(std::memory_order_acquire);
  meters_ = meter_.load(std::memory_order_relaxed);
  const std::uint32_t loops = loop_.load(std::memory_order_relaxed);
  each(loops & ~loops_, [this](std::size_t c) {
    loop_of_[c].count = 0;
    loop_of_[c].filling = true;
  });
  loops_ = loops;
  each(berts_, [this](std::size_t c) {
    Test& t = test_[c];
    const auto wanted = t.wanted.load(std::memory_order_acquire);
    if (t.run == wanted) return;
    t.run = wanted;
    t.bert->begin();
    t.settling = kBertSettleBlocks;
    publish(t);
  });
}

void AudioTap::publish(Test& t) {
  const auto n = t.bert->count();
  t.bits.store(n.bits, std::memory_order_relaxed);
  t.errors.store(n.errors, std::memory_order_relaxed);
  t.losses.store(n.losses, std::memory_order_relaxed);
  t.told.store(t.run, std::memory_order_release);
}

void AudioTap::use(std::uint32_t channels) {
  adopt();
  port_.exact(loops_ | berts_);
  port_.use(channels | all());
}

bool AudioTap::receive(SpanAudio& in) {
  if (!port_.receive(in)) return false;
  if (all() == 0) return true;
  each(meters_, [&](std::size_t c) { heard_[c].add(in.has(static_cast<int>(c)) ? &in.blocks[c] : nullptr); });
  each(loops_ & in.present, [&](std::size_t c) { loop_of_[c].put(in.blocks[c]); });
  each(berts_ & in.present, [&](std::size_t c) {
    if (test_[c].settling > 0) return void(--test_[c].settling);
    test_[c].bert->hear(in.blocks[c]);
    publish(test_[c]);
  });
  return true;
}

void AudioTap::send(const SpanAudio& out) {
  const std::uint32_t ours = loops_ | berts_;
  if (ours != 0) {
    out_.present = out.present & ~ours;
    each(out_.present, [&](std::size_t c) { out_.blocks[c] = out.blocks[c]; });
    each(berts_, [&](std::size_t c) { test_[c].bert->send(out_.blocks[c]); });
    out_.present |= berts_;
    each(loops_ & ~berts_, [&](std::size_t c) {
      if (loop_of_[c].take(out_.blocks[c])) out_.present |= 1U << c;
    });
  }
  const SpanAudio& sent = ours != 0 ? out_ : out;
  each(meters_, [&](std::size_t c) { sent_[c].add(sent.has(static_cast<int>(c)) ? &sent.blocks[c] : nullptr); });
  port_.send(sent);
}

void AudioTap::Loop::put(const Block& block) {
  if (count == kLoopBlocks) {
    head = (head + 1) % kLoopBlocks;
    --count;
  }
  blocks[static_cast<std::size_t>((head + count++) % kLoopBlocks)] = block;
  if (count >= kLoopPrefill) filling = false;
}

bool AudioTap::Loop::take(Block& block) {
  if (filling) return false;
  if (count == 0) {
    filling = true;
    return false;
  }
  block = blocks[static_cast<std::size_t>(head)];
  head = (head + 1) % kLoopBlocks;
  --count;
  return true;
}

void AudioTap::Meter::add(const Block* block) {
  sum += block == nullptr ? 0 : media::alaw_power(*block);
  if (++blocks < kMeterBlocks) return;
  power.store(static_cast<std::uint32_t>(sum / kMeterBlocks), std::memory_order_relaxed);
  sum = 0;
  blocks = 0;
}

}  // namespace sr::daemon
