// Both ends of one wire in one process, in virtual or real time: what one end sends arrives at the other after `delay`.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <deque>
#include <vector>

#include "drivers/span/soft_span.h"

namespace sr {
namespace {

constexpr std::size_t kWireItemsMax = 4096;  // frames and line signals on their way; more are lost, as in a full FIFO of a board
constexpr std::size_t kWireBlocksMax = 8;    // audio blocks not yet taken; more: the oldest is overwritten

SpanKind opposite(SpanKind kind) {
  if (kind == SpanKind::fxs) return SpanKind::fxo;
  if (kind == SpanKind::fxo) return SpanKind::fxs;
  return kind;
}

struct Item {
  Instant due;
  int channel = 0;  // 0: a D-channel frame
  LineSignal signal{};
  std::string text;
  std::vector<std::uint8_t> frame;
};

class Faults;

class WireEnd final : public SpanDriver, private SignallingPort, private AudioPort {
 public:
  WireEnd(Timers& timers, std::string name, SpanKind kind, Duration delay) : timers_(timers), name_(std::move(name)), kind_(kind), delay_(delay) {}
  ~WireEnd() override;

  const std::string& name() const override { return name_; }
  SpanKind kind() const override { return kind_; }
  SignallingPort& signalling() override { return *this; }
  AudioPort& audio() override { return *this; }

  void join(WireEnd* peer, Faults* faults) { peer_ = peer; faults_ = faults; }
  void forget_faults() { faults_ = nullptr; }
  void set_cut(bool cut);
  void set_drop(bool drop) { drop_frames_ = drop; }

 private:
  void watch_alarms(std::function<void(SpanAlarm, bool)> changed) override { alarm_ = std::move(changed); }
  void start(Handler handler) override { handler_ = std::move(handler); }
  void send_frame(std::span<const std::uint8_t> frame) override {
    if (!carrier() || drop_frames_) return;
    peer_->take(Item{timers_.now() + delay_, 0, {}, {}, {frame.begin(), frame.end()}});
  }
  void send_line(int channel, LineSignal signal, std::string_view text) override {
    if (carrier()) peer_->take(Item{timers_.now() + delay_, channel, signal, std::string(text), {}});
  }
  bool carrier() const override { return peer_ && !cut_; }

  bool receive(SpanAudio& in) override {
    if (blocks_ == 0) return false;
    copy(in, fifo_[first_]);
    first_ = (first_ + 1) % kWireBlocksMax;
    --blocks_;
    return true;
  }
  void send(const SpanAudio& out) override {
    if (carrier()) peer_->take_audio(out);
  }
  int fd() const override { return -1; }

  static void copy(SpanAudio& to, const SpanAudio& from) {
    to.present = from.present;
    for (std::size_t c = 0; c <= kSpanChannelsMax; ++c)
      if (from.has(static_cast<int>(c))) to.blocks[c] = from.blocks[c];
  }
  void take(Item item) {
    if (items_.size() >= kWireItemsMax) return;
    items_.push_back(std::move(item));
    arm();
  }
  void take_audio(const SpanAudio& out) {
    if (blocks_ == kWireBlocksMax) {
      first_ = (first_ + 1) % kWireBlocksMax;
      --blocks_;
    }
    copy(fifo_[(first_ + blocks_) % kWireBlocksMax], out);
    ++blocks_;
  }
  void arm() {
    if (timer_ == TimerId::none && !items_.empty())
      timer_ = timers_.at(items_.front().due, [this] { timer_ = TimerId::none; deliver(); });
  }
  void deliver() {
    while (!items_.empty() && items_.front().due <= timers_.now()) {
      const Item item = std::move(items_.front());
      items_.pop_front();
      if (item.channel != 0) {
        if (handler_.on_line) handler_.on_line(item.channel, item.signal, item.text);
      } else if (handler_.on_frame) {
        handler_.on_frame(item.frame);
      }
    }
    arm();
  }

  Timers& timers_;
  std::string name_;
  SpanKind kind_;
  Duration delay_;
  WireEnd* peer_ = nullptr;
  Faults* faults_ = nullptr;
  Handler handler_;
  std::function<void(SpanAlarm, bool)> alarm_;
  std::deque<Item> items_;
  TimerId timer_ = TimerId::none;
  TimerId carrier_timer_ = TimerId::none;
  bool cut_ = false, drop_frames_ = false;
  std::array<SpanAudio, kWireBlocksMax> fifo_;
  std::size_t first_ = 0, blocks_ = 0;
};

class Faults final : public WireFaults {
 public:
  Faults(WireEnd* a, WireEnd* b) : ends_{a, b} {}
  ~Faults() override {
    for (auto* end : ends_)
      if (end) end->forget_faults();
  }
  void cut(bool cut) override {
    for (auto* end : ends_)
      if (end) end->set_cut(cut);
  }
  void drop_frames(bool drop) override {
    for (auto* end : ends_)
      if (end) end->set_drop(drop);
  }
  void forget(const WireEnd* gone) {
    for (auto& end : ends_)
      if (end == gone) end = nullptr;
  }

 private:
  std::array<WireEnd*, 2> ends_;
};

WireEnd::~WireEnd() {
  timers_.cancel(timer_);
  timers_.cancel(carrier_timer_);
  if (faults_) faults_->forget(this);
  if (peer_) peer_->peer_ = nullptr;
}

// The change is told in a turn of its own, so that a test may cut the wire from inside a handler.
void WireEnd::set_cut(bool cut) {
  if (cut == cut_) return;
  cut_ = cut;
  if (cut) items_.clear();
  blocks_ = 0;
  timers_.cancel(carrier_timer_);
  carrier_timer_ = timers_.at(timers_.now(), [this] {
    carrier_timer_ = TimerId::none;
    if (alarm_) alarm_(SpanAlarm::red, !carrier());
    if (handler_.on_carrier) handler_.on_carrier(carrier());
  });
}

}  // namespace

Wire make_wire(Timers& timers, const std::string& name, SpanKind center_kind, Duration delay) {
  auto center = std::make_unique<WireEnd>(timers, name, center_kind, delay);
  auto far = std::make_unique<WireEnd>(timers, name, opposite(center_kind), delay);
  auto faults = std::make_unique<Faults>(center.get(), far.get());
  center->join(far.get(), faults.get());
  far->join(center.get(), faults.get());
  return Wire{{std::move(center), std::move(far)}, std::move(faults)};
}

}  // namespace sr
