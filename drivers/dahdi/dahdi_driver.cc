// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/dahdi_driver.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "drivers/base/log.h"

namespace sr::dahdi {

DahdiDriver::DahdiDriver(Loop loop, Device& device, SpanSpec spec, std::unique_ptr<LinePlane> plane)
    : loop_(std::move(loop)), device_(device), spec_(std::move(spec)), plane_(std::move(plane)) {
  plane_->join(*this);
}

DahdiDriver::~DahdiDriver() {
  for (const TimerId timer : {look_timer_, life_timer_, lost_timer_}) loop_.timers.cancel(timer);
}

Status DahdiDriver::open() { return try_open(); }

Status DahdiDriver::try_open() {
  const auto plan = plane_->plan(device_, spec_);
  if (!plan) return std::unexpected(plan.error());
  auto lines = open_lines(device_, *plan, spec_);
  if (!lines) return std::unexpected(lines.error());
  if (auto ok = plane_->prepare(**lines); !ok) return ok;
  lines_ = std::move(*lines);
  state_ = State::open;
  plane_->adopt(lines_.get());
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if (Channel* channel = lines_->at(c)) watches_.push_back(loop_.watch(channel->fd(), plane_->has_frames(c), [this, c] { ready(c); }));
  audio_.lend(*lines_);
  next_try_ = kReopenFirst;
  told_.clear();
  log::info("span {}: DAHDI span {} is open, channels {} to {}", spec_.name, spec_.span, plan->channel[1], plan->channel[1] + spec_.channels - 1);
  look();
  return {};
}

void DahdiDriver::ready(int channel) {
  events_wait(channel);
  if (state_ == State::open && plane_->has_frames(channel)) plane_->on_data(channel);
}

void DahdiDriver::events_wait(int channel) {
  for (int n = 0; n < kEventsPerTurnMax && state_ == State::open; ++n) {
    const auto event = lines_->at(channel)->event();
    if (!event) return lost();
    switch (event->kind) {
      case EventKind::none: return;
      case EventKind::alarm:
      case EventKind::no_alarm:
        look();
        if (state_ == State::open) plane_->on_event(channel, *event);
        break;
      case EventKind::removed: return lost();
      case EventKind::read_overrun:
      case EventKind::write_underrun: count_event(channel, event->kind); break;
      default: plane_->on_event(channel, *event);
    }
  }
}

void DahdiDriver::count_event(int channel, EventKind kind) {
  ++(kind == EventKind::read_overrun ? overruns_ : underruns_)[static_cast<std::size_t>(channel)];
}

// The span's alarms now. Each event of each channel asks; the timer asks when no event could be had.
void DahdiDriver::look() {
  loop_.timers.cancel(look_timer_);
  look_timer_ = TimerId::none;
  if (state_ != State::open) return;
  auto status = device_.span(spec_.span);
  if (!status || audio_.gone()) return lost();
  status_ = std::move(*status);
  alarms_ = alarms_of(status_.alarms, alarms_);
  look_timer_ = loop_.timers.after(kLookEvery, [this] { look_timer_ = TimerId::none; look(); });
  plane_->set_alarms(alarms_);
}

// Not from inside a caller, who may be in the middle of a call.
void DahdiDriver::lost() {
  if (state_ != State::open || lost_timer_ != TimerId::none) return;
  lost_timer_ = loop_.timers.after(0us, [this] { lost_timer_ = TimerId::none; close_lines(); });
}

void DahdiDriver::close_lines() {
  ++removals_;
  log::error("span {}: DAHDI span {} is gone: its channels are out of service until it is back", spec_.name, spec_.span);
  state_ = State::closing;
  loop_.timers.cancel(look_timer_);
  look_timer_ = TimerId::none;
  watches_.clear();
  plane_->adopt(nullptr);
  alarms_ = kSpanGone;
  audio_.recall();
  let_go();
  plane_->set_alarms(alarms_);
}

void DahdiDriver::let_go() {
  if (!audio_.home()) {
    life_timer_ = loop_.timers.after(kLetGoEvery, [this] { let_go(); });
    return;
  }
  lines_.reset();
  state_ = State::away;
  life_timer_ = loop_.timers.after(next_try_, [this] { retry(); });
}

void DahdiDriver::retry() {
  life_timer_ = TimerId::none;
  const auto ok = try_open();
  if (ok) return;
  if (std::exchange(told_, ok.error().text()) != ok.error().text()) log::warn("span {}: {}", spec_.name, ok.error().text());
  next_try_ = std::min(next_try_ * 2, kReopenMax);
  life_timer_ = loop_.timers.after(next_try_, [this] { retry(); });
}

// The board sends back what comes in, and goes on hearing it.
Status DahdiDriver::loopback(bool on) {
  const auto done = device_.maintenance(spec_.span, on ? abi::kMaintNetworkLineLoop : abi::kMaintNone);
  if (done) return {};
  return fail(std::string("DAHDI span ") + std::to_string(spec_.span) + " cannot be looped: " + std::strerror(done.error()), {},
              done.error() == ENOSYS ? "its board has no maintenance: its channels can be looped one by one" : "");
}

std::map<std::string, std::uint64_t> DahdiDriver::counters() const {
  auto all = plane_->counters();
  all["removals"] = removals_;
  for (const auto& [name, value] : {std::pair{"bpv", status_.bpv}, {"crc4", status_.crc4}, {"ebit", status_.ebit}, {"fas", status_.fas}, {"irq_misses", status_.irq_misses}})
    all[name] = static_cast<std::uint64_t>(std::max(value, 0));
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const LineCounters& audio = audio_.counters(c);
    const std::pair<const char*, std::uint64_t> each[] = {{"overruns", overruns_[i] + audio.overruns.load(std::memory_order_relaxed)},
                                                          {"channel_underruns", underruns_[i] + audio.underruns.load(std::memory_order_relaxed)},
                                                          {"channel_slips", audio.slips.load(std::memory_order_relaxed)},
                                                          {"joins", audio.joins.load(std::memory_order_relaxed)},
                                                          {"faxes", audio.faxes.load(std::memory_order_relaxed)}};
    for (const auto& [name, n] : each) {
      all[name] += n;
      if (n > 0) all[std::string(name) + "/" + std::to_string(c)] = n;
    }
  }
  return all;
}

}  // namespace sr::dahdi
