// The audio plane of a DAHDI span. Only channels that carry calls are read and written, and one more for the clock: the board fills
// a block of it every 20 ms, which makes fd() readable (an analog line loses its buffers whenever it hangs up: there the clock is a
// pseudo channel). Per channel one block is kept back before the first is given, since the
// channels' blocks do not end in the same millisecond; what is sent runs kPrefillBlocks ahead.
// A joined channel hears another one inside the kernel (DIGITALMON), which costs us nothing and a few ms. When it parts it is read and
// written again for kPartTicks before the kernel lets go: no silence comes between. What the far end hears of a change is that the delay
// is 120 ms longer or shorter, and one chunk (1 ms) that the kernel's own queue (confin) loses at a part and gives out at the next join.
// A channel with an event waiting (ELAST) is passed over until the reactor has fetched it; the clock then moves to another one.
// Media thread, but for lend(), recall(), home(), gone() and the counters.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>

#include "drivers/dahdi/fax_tone.h"
#include "drivers/dahdi/line_set.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

inline constexpr int kPartTicks = kPrefillBlocks + 5;  // until what was sent first after a join comes out, behind the silence of begin()

struct LineCounters { std::atomic<std::uint64_t> overruns{0}, underruns{0}, slips{0}, joins{0}, faxes{0}; };

class DahdiAudio final : public AudioPort {
 public:
  // Reactor thread.
  void lend(const LineSet& lines);                                              // until home(); only when home()
  void recall() { recalled_.store(true, std::memory_order_release); }
  bool home() const { return home_.load(std::memory_order_acquire); }           // the media thread has none of it
  bool gone() const { return gone_.load(std::memory_order_acquire); }           // it has found ENODEV
  LineCounters& counters(int channel) { return counters_[static_cast<std::size_t>(channel)]; }
  const LineCounters& counters(int channel) const { return counters_[static_cast<std::size_t>(channel)]; }

  // Media thread.
  bool receive(SpanAudio& in) override;
  void send(const SpanAudio& out) override;
  void use(std::uint32_t channels) override { wanted_ = channels; }
  void exact(std::uint32_t channels) override { exact_ = channels; }
  Junction junction(int channel) const override;
  bool join(int channel, int line) override;
  void part(int channel, bool goes_on) override;
  int fd() const override;

 private:
  struct Line {
    Block held, unsent;
    bool has_held = false, has_unsent = false, begun = false;  // begun: a block has come since begin()
    int skipped = 0;  // ticks on which it could not be read
    int parting = 0;  // ticks until the kernel's join is undone
    FaxTone fax;
  };
  bool adopt();
  void settle_use();
  void begin(int c);
  void end(int c);
  void cancel_echo(int c, bool on);
  bool take(int c, SpanAudio& in);      // true: the board has moved on
  bool translated(int c) const;
  bool read(int c, Block& into, bool& blocked);
  void write(int c, const Block& block);
  void lost(int error);
  void undo_join(int c);
  void settle_parting();
  bool move_clock();
  Line& line(int c) { return lines_[static_cast<std::size_t>(c)]; }

  std::atomic<const LineSet*> lent_{nullptr};
  std::atomic<bool> recalled_{false}, home_{true}, gone_{false};
  const LineSet* set_ = nullptr;
  std::uint32_t wanted_ = 0, exact_ = 0, used_ = 0;       // bit n: channel n
  std::uint32_t cancelling_ = 0;              // its echo, for the length of the call or until a fax is heard
  std::uint32_t joined_ = 0, parting_ = 0;    // by the kernel; parting: used again already
  static constexpr int kNone = -1;
  int clock_ = kNone;                    // 0: the pseudo channel of an analog span
  std::array<Line, kSpanChannelsMax + 1> lines_;
  std::array<LineCounters, kSpanChannelsMax + 1> counters_;
};

}  // namespace sr::dahdi
