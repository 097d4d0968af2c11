// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/dahdi_audio.h"

#include <bit>
#include <cerrno>

namespace sr::dahdi {
namespace {

constexpr Block kSilence = [] { Block b{}; b.fill(kAlawSilence); return b; }();

void count(std::atomic<std::uint64_t>& counter) { counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

}  // namespace

void DahdiAudio::lend(const LineSet& lines) {
  home_.store(false, std::memory_order_relaxed);
  gone_.store(false, std::memory_order_relaxed);
  recalled_.store(false, std::memory_order_relaxed);
  lent_.store(&lines, std::memory_order_release);
}

// What is lent or recalled is taken or given up at the beginning of each call.
bool DahdiAudio::adopt() {
  if (const LineSet* lent = lent_.exchange(nullptr, std::memory_order_acquire)) {
    set_ = lent;
    used_ = 0;
    clock_ = set_->audio == 0 ? 0 : std::countr_zero(set_->audio);
    if (clock_ != 0) (void)set_->at(clock_)->flush_audio();
  }
  if (recalled_.exchange(false, std::memory_order_acq_rel)) {
    set_ = nullptr;
    home_.store(true, std::memory_order_release);
  }
  return set_ != nullptr && !gone_.load(std::memory_order_relaxed);
}

int DahdiAudio::fd() const { return set_ == nullptr || clock_ == 0 || gone_.load(std::memory_order_relaxed) ? -1 : set_->at(clock_)->fd(); }

void DahdiAudio::lost(int error) {
  if (error == ENODEV || error == EIO) gone_.store(true, std::memory_order_release);
}

void DahdiAudio::settle_use() {
  const std::uint32_t wanted = wanted_ & set_->audio;
  if (wanted == used_) return;
  for (std::uint32_t over = used_ & ~wanted; over != 0; over &= over - 1) (void)set_->at(std::countr_zero(over))->buffer_events(false);
  for (std::uint32_t fresh = wanted & ~used_; fresh != 0; fresh &= fresh - 1) begin(std::countr_zero(fresh));
  used_ = wanted;
}

// From nothing: what was heard and said before the call is no part of it.
void DahdiAudio::begin(int c) {
  line(c).has_held = line(c).has_unsent = false;
  line(c).skipped = 0;
  if (c != clock_) (void)set_->at(c)->flush_audio();
  for (int n = 0; n < kPrefillBlocks; ++n) write(c, kSilence);
  (void)set_->at(c)->buffer_events(true);  // only now: nobody reads an idle channel
}

bool DahdiAudio::receive(SpanAudio& in) {
  if (!adopt()) return false;
  settle_use();
  in.present = 0;
  if (clock_ == 0) return false;
  if (!take(clock_, in)) return false;
  for (std::uint32_t left = used_ & ~(1U << clock_); left != 0; left &= left - 1) take(std::countr_zero(left), in);
  in.present &= used_;
  return true;
}

// true: the board has moved on.
bool DahdiAudio::take(int c, SpanAudio& in) {
  Line& l = line(c);
  Block& out = in.blocks[static_cast<std::size_t>(c)];
  Block fresh;
  bool blocked = false;
  bool came = read(c, fresh, blocked);
  if (blocked) {
    ++l.skipped;
    return c == clock_ && move_clock();
  }
  // What was not read while it was passed over would stay as delay for the rest of the call.
  for (; came && l.skipped > 0 && read(c, fresh, blocked); --l.skipped) count(counters(c).slips);
  l.skipped = 0;
  if (c == clock_) {  // it is never late: it is the clock
    if (!came) return false;
    out = fresh;
    in.present |= 1U << c;
    return true;
  }
  if (!l.has_held && came) {  // the one that is kept back from now on
    l.held = fresh;
    l.has_held = true;
    came = read(c, fresh, blocked);
    if (!came) return false;
  }
  if (!l.has_held) {
    count(counters(c).underruns);
    return false;
  }
  out = l.held;
  in.present |= 1U << c;
  l.has_held = came;
  if (came) l.held = fresh;
  return true;
}

bool DahdiAudio::read(int c, Block& into, bool& blocked) {
  const auto n = set_->at(c)->read(into);
  if (n && *n == into.size()) {
    if (set_->plan.law[static_cast<std::size_t>(c)] == Law::mulaw) translate(into, kMulawToAlaw);
    return true;
  }
  if (n) return false;  // the end of a block that began before the flush
  blocked = n.error() == abi::kElast;
  lost(n.error());
  return false;
}

// true: a block was due on the old one, and counts as this tick's.
bool DahdiAudio::move_clock() {
  const std::uint32_t others = set_->audio & ~(1U << clock_);
  if (others == 0) return false;
  const std::uint32_t later = others & ~((2U << clock_) - 1);
  const int next = std::countr_zero(later != 0 ? later : others);
  const bool idle = ((used_ >> next) & 1U) == 0;
  if (idle && !set_->at(next)->flush_audio()) return false;
  line(clock_).has_held = line(next).has_held = false;
  clock_ = next;
  return true;
}

void DahdiAudio::send(const SpanAudio& out) {
  if (!adopt()) return;
  settle_use();
  for (std::uint32_t left = used_; left != 0; left &= left - 1) {
    const int c = std::countr_zero(left);
    write(c, out.has(c) ? out.blocks[static_cast<std::size_t>(c)] : kSilence);
  }
}

// A block that could not be written because of an event waits for the next tick; the prefill covers the gap.
void DahdiAudio::write(int c, const Block& block) {
  Line& l = line(c);
  const auto put = [this, c](const Block& alaw) {
    if (set_->plan.law[static_cast<std::size_t>(c)] != Law::mulaw) return set_->at(c)->write(alaw);
    Block other = alaw;
    translate(other, kAlawToMulaw);
    return set_->at(c)->write(other);
  };
  if (l.has_unsent) {
    l.has_unsent = false;
    (void)put(l.unsent);
  }
  const auto n = put(block);
  if (n) return;
  if (n.error() == abi::kElast) {
    l.unsent = block;
    l.has_unsent = true;
  } else if (n.error() == EAGAIN) {
    count(counters(c).overruns);  // the board does not take what we send
  } else {
    lost(n.error());
  }
}

}  // namespace sr::dahdi
