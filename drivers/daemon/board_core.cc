// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/board_core.h"

#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

BoardCore::BoardCore(Timers& timers, media::MediaPort& media, Spool& spool, DTrace* trace, BoardConfig config,
                     std::vector<SpanSetup> spans, MakeSignalling make)
    : core_(std::make_unique<Core>(timers, media, spool, trace, std::move(config), std::move(spans), make)) {}
BoardCore::~BoardCore() = default;
void BoardCore::start() { core_->start(); }
void BoardCore::attach(BoardListener& listener) { core_->attach(listener); }
void BoardCore::detach() { core_->detach(); }
bool BoardCore::attached() const { return core_->listener_ != nullptr; }
void BoardCore::send(const board::Command& command) {
  std::visit([this](const auto& c) { core_->run(c); }, command);
}
void BoardCore::stop(std::function<void()> done) { core_->stop(std::move(done)); }
board::Snapshot BoardCore::snapshot() const { return core_->snapshot(); }
Result<board::TestId> BoardCore::begin_test(const board::LineTest& test, board::TestSink tell) { return core_->begin_test(test, std::move(tell)); }
void BoardCore::end_test(board::TestId id) { core_->end_test(id); }
std::size_t BoardCore::legs() const { return core_->legs_.size(); }
CoreCounters BoardCore::counters() const {
  CoreCounters out = core_->counters_;
  out.events_dropped = core_->log_.dropped();
  return out;
}

std::unique_ptr<sig::Signalling> make_signalling(Timers& timers, const SpanSetup& setup, sig::Observer& observer) {
  struct Maker {
    Timers& timers;
    SpanDriver& span;
    sig::Observer& observer;
    std::unique_ptr<sig::Signalling> operator()(const sig::PriConfig& c) const { return sig::make_pri(timers, span, c, observer); }
    std::unique_ptr<sig::Signalling> operator()(const sig::FxsConfig& c) const { return sig::make_fxs(timers, span, c, observer); }
    std::unique_ptr<sig::Signalling> operator()(const sig::FxoConfig& c) const { return sig::make_fxo(timers, span, c, observer); }
  };
  return std::visit(Maker{timers, *setup.driver, observer}, setup.config);
}

// ---- Core: set up -----------------------------------------------------------------------------------------------------

Core::Core(Timers& timers, media::MediaPort& media, Spool& spool, DTrace* trace, BoardConfig config, std::vector<SpanSetup> spans,
           const MakeSignalling& make)
    : timers_(timers), media_(media), spool_(spool), trace_(trace), config_(std::move(config)), legs_(spans.size()), log_(config_.epoch) {
  for (const auto& setup : spans) add_unit(setup, make);
}

Core::~Core() = default;

TimerId Core::later(Duration d, std::function<void()> run) {
  return timers_.after(d, [alive = std::weak_ptr(alive_), then = std::move(run)] {
    if (!alive.expired()) then();
  });
}

void Core::add_unit(const SpanSetup& setup, const MakeSignalling& make) {
  const int index = static_cast<int>(units_.size());
  auto& u = *units_.emplace_back(std::make_unique<SpanUnit>(*this, index));
  u.driver = setup.driver;
  u.name = setup.driver->name();
  u.kind = setup.driver->kind();
  std::string hunt;
  if (const auto* pri = std::get_if<sig::PriConfig>(&setup.config)) {
    u.group = pri->group;
    u.network_side = pri->network_side;
    hunt = pri->hunt;
  } else if (const auto* fxs = std::get_if<sig::FxsConfig>(&setup.config)) {
    u.line = board::LineKind::station;
    for (const auto& s : fxs->stations) {
      stations_[s.number] = {index, s.channel};
      u.stations.push_back({s.number});
    }
  } else if (const auto* fxo = std::get_if<sig::FxoConfig>(&setup.config)) {
    u.line = board::LineKind::line;
    u.group = fxo->group;
    u.network_side = true;  // lines are hunted upwards
  }
  if (!u.group.empty()) {
    auto& group = groups_[u.group];
    if (group.spans.empty()) group.hunt = hunt_of(hunt, u.network_side);
    group.spans.push_back(index);
  }
  u.tap = std::make_unique<AudioTap>(setup.driver->audio());
  u.media_span = media_.add_span(*u.tap);
  u.sig = make(timers_, setup, u);
  for (const int channel : u.sig->channels()) u.channels |= 1U << channel;
}

void Core::start() {
  log_.preload(spool_.earlier());
  for (const auto& u : units_)
    for (int c = 1; c <= kSpanChannelsMax; ++c)
      if ((u->channels >> c) & 1U) slots_[static_cast<std::uint16_t>(slot(*u, c))] = {u->index, c};
  media_.start({.on_event = [this](const media::Event& e) { on_media_event(e); },
                .on_record_done = [this](const media::RecordDone& d) { on_record_done(d); },
                .on_disk_low = [this](bool low) { alarm(nullptr, board::AlarmKind::disk_low, low); }});
  started_ = true;
  if (alone()) begin_alone();
  for (const auto& u : units_) {
    u->driver->signalling().watch_alarms([this, unit = u.get()](SpanAlarm which, bool raised) { on_span_alarm(*unit, which, raised); });
    u->sig->start();
    if (u->line != board::LineKind::station) u->told_open = open_channels(*u);
  }
  if (listener_ != nullptr) greet();
  later(kStartGrace, [this] {
    for (const auto& u : units_)
      if (!u->sig->in_service()) on_d_channel(*u, false);
  });
}

// ---- delivery -------------------------------------------------------------------------------------------------------------

void Core::attach(BoardListener& listener) {
  if (listener_ != nullptr) detach();
  if (alone()) end_alone();
  listener_ = &listener;
  live_ = false;
  if (started_) greet();
}

void Core::greet() {
  log_.give_again();
  log::info("ctid is here: {} events to tell it again", log_.held());
  listener_->on_link(true);
  deliver();
}

void Core::detach() {
  if (listener_ == nullptr) return;
  BoardListener* was = listener_;
  listener_ = nullptr;
  live_ = false;
  timers_.cancel(delivery_);
  delivery_ = TimerId::none;
  log::warn("ctid is gone: {} legs are up, {} events not acknowledged", legs_.size(), log_.held());
  was->on_link(false);
  if (alone()) begin_alone();
}

std::uint64_t Core::emit(board::Event event) {
  const LegId leg = std::visit([](const auto& e) { if constexpr (requires { e.leg; }) return e.leg; else return LegId::none; }, event);
  if (board::is_test_leg(leg)) {
    tell_tester(leg, std::move(event));
    return 0;
  }
  const auto seq = log_.append(timers_.now(), std::move(event));
  if (seq != 0 && listener_ != nullptr && live_) deliver();
  return seq;
}

// Live and not deferred: at once. Otherwise in a turn of its own, and a long replay in batches.
void Core::deliver() {
  if (listener_ == nullptr || delivering_) return;
  if (live_ && config_.deferred) {
    if (delivery_ == TimerId::none) delivery_ = later(0us, [this] { delivery_ = TimerId::none; deliver_batch(); });
    return;
  }
  deliver_batch();
}

void Core::deliver_batch() {
  if (listener_ == nullptr || delivering_) return;
  delivering_ = true;
  std::size_t given = 0;
  while (listener_ != nullptr && (live_ || given < kReplayBatch)) {
    const board::Envelope* e = log_.next();
    if (e == nullptr) break;
    log_.gave();
    ++given;
    listener_->on_event(*e);
  }
  if (listener_ != nullptr && !live_ && log_.next() == nullptr) {
    live_ = true;
    auto state = snapshot();
    std::erase_if(state.legs, [](const auto& leg) { return board::is_test_leg(leg.leg); });
    listener_->on_snapshot(state);
  }
  delivering_ = false;
  after_delivery();
}

// What the listener did while it was being told: acknowledge, leave, cause more events.
void Core::after_delivery() {
  if (!config_.durable) log_.drop_given();
  if (ack_epoch_ != 0) {
    const auto epoch = std::exchange(ack_epoch_, 0), seq = std::exchange(ack_seq_, 0);
    acknowledge(epoch, seq);
  }
  if (listener_ == nullptr || log_.next() == nullptr) return;
  if (live_) deliver();
  else if (delivery_ == TimerId::none) delivery_ = later(kReplayPause, [this] { delivery_ = TimerId::none; deliver_batch(); });
}

// ---- alarms, end ------------------------------------------------------------------------------------------------------------

void Core::alarm(SpanUnit* u, board::AlarmKind kind, bool raised) {
  const std::string name = u == nullptr ? std::string() : u->name;
  if (u != nullptr) {
    if (raised ? !u->alarms.insert(kind).second : u->alarms.erase(kind) == 0) return;  // no change
  }
  auto& history = u == nullptr ? history_ : u->history;
  if (history.size() == board::kAlarmNotesMax) history.erase(history.begin());
  history.push_back({kind, raised, timers_.now()});
  log::warn("alarm {} {} {}", name.empty() ? "board" : name, boost::describe::enum_to_string(kind, "?"), raised ? "raised" : "over");
  emit(board::evt::Alarm{name, kind, raised});
}

void Core::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  log::info("stopping: {} legs are cleared with cause 41", legs_.size());
  for (const LegId id : legs_.ids())
    if (Leg* leg = legs_.find(id); leg != nullptr && leg->span >= 0) line(*leg).clear(id, 41);
  stop_timer_ = later(legs_.size() == 0 ? Duration{} : kStopMax, [this] {
    stop_timer_ = TimerId::none;
    media_.stop();
    if (auto run = std::exchange(stopped_, nullptr)) run();
  });
}

void Core::settle_stop() {
  if (!stopping_ || legs_.size() != 0 || stop_timer_ == TimerId::none) return;
  timers_.cancel(stop_timer_);
  stop_timer_ = later(0us, [this] {
    stop_timer_ = TimerId::none;
    media_.stop();
    if (auto run = std::exchange(stopped_, nullptr)) run();
  });
}

}  // namespace sr::daemon
