// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/dahdi_audio.h"

#include <bit>
#include <cerrno>
#include <utility>

namespace sr::dahdi {
namespace {

constexpr int kJoinsAlaw = 1, kJoinsMulaw = 2;  // kinds of Junction
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
    used_ = joined_ = parting_ = cancelling_ = 0;
    clock_ = set_->at(0) != nullptr ? 0 : set_->audio == 0 ? kNone : std::countr_zero(set_->audio);
    if (clock_ != kNone) (void)set_->at(clock_)->flush_audio();
  }
  if (recalled_.exchange(false, std::memory_order_acq_rel)) {
    set_ = nullptr;
    home_.store(true, std::memory_order_release);
  }
  return set_ != nullptr && !gone_.load(std::memory_order_relaxed);
}

int DahdiAudio::fd() const { return set_ == nullptr || clock_ == kNone || gone_.load(std::memory_order_relaxed) ? -1 : set_->at(clock_)->fd(); }

void DahdiAudio::lost(int error) {
  if (error == ENODEV || error == EIO) gone_.store(true, std::memory_order_release);
}

Junction DahdiAudio::junction(int channel) const {
  const auto i = static_cast<std::size_t>(channel);
  if (set_ == nullptr || ((set_->audio >> channel) & 1U) == 0 || gone_.load(std::memory_order_relaxed)) return {};
  return {set_->plan.channel[i], set_->plan.law[i] == Law::mulaw ? kJoinsMulaw : kJoinsAlaw};
}

bool DahdiAudio::join(int channel, int line_number) {
  const std::uint32_t bit = 1U << channel;
  if (!adopt() || (set_->audio & bit) == 0) return false;
  if (!set_->at(channel)->monitor_digital(line_number)) return false;
  joined_ |= bit;
  parting_ &= ~bit;
  count(counters(channel).joins);
  return true;
}

void DahdiAudio::part(int channel, bool goes_on) {
  const std::uint32_t bit = 1U << channel;
  if (!adopt() || ((joined_ | parting_) & bit) == 0) return;
  joined_ &= ~bit;
  if (!goes_on) return undo_join(channel);
  parting_ |= bit;
  line(channel).parting = kPartTicks;
}

void DahdiAudio::undo_join(int c) {
  parting_ &= ~(1U << c);
  (void)set_->at(c)->monitor_digital(0);
}

void DahdiAudio::settle_parting() {
  for (std::uint32_t left = parting_; left != 0; left &= left - 1)
    if (const int c = std::countr_zero(left); --line(c).parting <= 0) undo_join(c);
}

void DahdiAudio::settle_use() {
  for (std::uint32_t over = (joined_ | parting_) & ~wanted_; over != 0; over &= over - 1) {
    const int c = std::countr_zero(over);
    part(c, false);
    if (((used_ >> c) & 1U) == 0) end(c);
  }
  const std::uint32_t wanted = wanted_ & set_->audio & ~joined_;
  if (wanted == used_) return;
  for (std::uint32_t over = used_ & ~wanted; over != 0; over &= over - 1) end(std::countr_zero(over));
  for (std::uint32_t fresh = wanted & ~used_; fresh != 0; fresh &= fresh - 1) begin(std::countr_zero(fresh));
  used_ = wanted;
}

void DahdiAudio::end(int c) {
  (void)set_->at(c)->buffer_events(false);
  if (((wanted_ >> c) & 1U) == 0) cancel_echo(c, false);  // a joined channel keeps it
}

void DahdiAudio::cancel_echo(int c, bool on) {
  const std::uint32_t bit = 1U << c;
  if (set_->echo_taps == 0 || ((cancelling_ & bit) != 0) == on) return;
  (void)set_->at(c)->echo_cancel(on ? set_->echo_taps : 0);
  cancelling_ ^= bit;
  if (on) line(c).fax = {};
}

// From nothing: what was heard and said before the call is no part of it.
void DahdiAudio::begin(int c) {
  line(c).has_held = line(c).has_unsent = line(c).begun = false;
  line(c).skipped = 0;
  if ((((parting_ | exact_) >> c) & 1U) == 0) cancel_echo(c, true);
  if (c != clock_) (void)set_->at(c)->flush_audio();
  for (int n = 0; n < kPrefillBlocks; ++n) write(c, kSilence);
  (void)set_->at(c)->buffer_events(true);  // only now: nobody reads an idle channel
}

bool DahdiAudio::receive(SpanAudio& in) {
  if (!adopt()) return false;
  settle_use();
  in.present = 0;
  if (clock_ == kNone) return false;
  if (!take(clock_, in)) return false;
  for (std::uint32_t left = used_ & ~(1U << clock_); left != 0; left &= left - 1) take(std::countr_zero(left), in);
  in.present &= used_;
  for (std::uint32_t left = in.present & cancelling_; left != 0; left &= left - 1) {
    const int c = std::countr_zero(left);
    if (!line(c).fax.hear(in.blocks[static_cast<std::size_t>(c)])) continue;
    cancel_echo(c, false);
    count(counters(c).faxes);
  }
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
  const bool first = came && !std::exchange(l.begun, l.begun || came);
  if (!l.has_held && came) {
    l.held = fresh;
    l.has_held = true;
    came = read(c, fresh, blocked);
    if (!came && first) return false;  // kept back from now on; what is used up later costs no gap to put back
  }
  if (!l.has_held) {
    if (l.begun) count(counters(c).underruns);
    return false;
  }
  out = l.held;
  in.present |= 1U << c;
  l.has_held = came;
  if (came) l.held = fresh;
  return true;
}

// A measured channel is to carry every byte as it is.
bool DahdiAudio::translated(int c) const { return set_->plan.law[static_cast<std::size_t>(c)] == Law::mulaw && ((exact_ >> c) & 1U) == 0; }

bool DahdiAudio::read(int c, Block& into, bool& blocked) {
  const auto n = set_->at(c)->read(into);
  if (n && *n == into.size()) {
    if (translated(c)) translate(into, kMulawToAlaw);
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
  if (parting_ != 0) settle_parting();
}

// A block that could not be written because of an event waits for the next tick; the prefill covers the gap.
void DahdiAudio::write(int c, const Block& block) {
  Line& l = line(c);
  const auto put = [this, c](const Block& alaw) {
    if (!translated(c)) return set_->at(c)->write(alaw);
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
