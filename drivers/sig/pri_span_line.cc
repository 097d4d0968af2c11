// What the line says: libpri's events to the rows of the table, channels, glare, RESTART, the D channel up and down.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/log.h"
#include "drivers/sig/pri_span.h"

namespace sr::sig {
namespace {

constexpr int kNoChannel = 34, kChannelUnavailable = 44, kChannelUnknown = 82;  // Q.850
constexpr int kE1DChannel = 16, kT1DChannel = 24;

template <class... F>
struct Overloaded : F... { using F::operator()...; };

}  // namespace

ChannelGrant choose_channel(ChannelAsk ask, const std::array<ChannelView, kSpanChannelsMax + 1>& view, bool network_side) {
  const bool named = ask.channel > 0 && ask.channel <= kSpanChannelsMax;
  if (named) {
    const ChannelView& asked = view[static_cast<std::size_t>(ask.channel)];
    if (asked.idle) return {ask.channel, 0, false};
    if (asked.ours_initiated && !network_side) return {ask.channel, 0, true};           // 5.7: the network's call has it
    if (asked.ours_initiated && ask.exclusive) return {0, kChannelUnavailable, true};   // 5.7: the user's call is cleared
  }
  if (ask.exclusive && ask.channel != -1) return {0, named && view[static_cast<std::size_t>(ask.channel)].exists ? kChannelUnavailable : kChannelUnknown, false};
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if (view[static_cast<std::size_t>(c)].idle) return {c, 0, false};
  return {0, kNoChannel, false};
}

void PriSpan::on_pri(const PriEvent& event) {
  const auto with = [this](PriCall id, auto&& then) {
    if (Call* call = find(id)) then(*call);
    else count("events_without_call");
  };
  std::visit(
      Overloaded{
          [&](const pri_event::Up&) { on_up(); },
          [&](const pri_event::Down&) { on_down(); },
          [&](const pri_event::Anew&) { on_anew(); },
          [&](const pri_event::Setup& e) { on_setup(e); },
          [&](const pri_event::Information& e) { on_information(e); },
          [&](const pri_event::SetupAck& e) { with(e.call, [&](Call& c) { follow_channel(c, e.channel); handle(c, LegEvent::setup_ack); }); },
          [&](const pri_event::Proceeding& e) {
            with(e.call, [&](Call& c) {
              follow_channel(c, e.channel);
              const bool news = e.in_band && !c.in_band;
              c.in_band = c.in_band || e.in_band;
              const LegId leg = c.leg;
              if (handle(c, LegEvent::proceeding) && news && find(leg)) observer_.progress_audio(leg);
            });
          },
          [&](const pri_event::Progress& e) {
            with(e.call, [&](Call& c) {
              if (!e.in_band || c.in_band) return count("progress_not_used");
              c.in_band = true;
              handle(c, LegEvent::progress);
            });
          },
          [&](const pri_event::Alerting& e) {
            with(e.call, [&](Call& c) {
              follow_channel(c, e.channel);
              const bool news = e.in_band && !c.in_band;
              c.in_band = c.in_band || e.in_band;
              const LegId leg = c.leg;
              if (handle(c, LegEvent::alerting) && news && find(leg)) observer_.progress_audio(leg);
            });
          },
          [&](const pri_event::Connect& e) { with(e.call, [&](Call& c) { handle(c, LegEvent::connect); }); },
          [&](const pri_event::ConnectAck& e) { with(e.call, [&](Call& c) { handle(c, LegEvent::connect_ack); }); },
          [&](const pri_event::Disconnect& e) { with(e.call, [&](Call& c) { handle(c, LegEvent::disconnect, e.cause); }); },
          [&](const pri_event::Gone& e) {
            with(e.call, [&](Call& c) {
              // The network has given the channel to a call of its own that we have not seen yet.
              const bool lost = c.phase == LegPhase::call_initiated && e.cause == kChannelUnavailable && !config_.network_side;
              handle(c, lost ? LegEvent::glare : LegEvent::gone, e.cause);
            });
          },
          [&](const pri_event::Restart& e) { on_restart(e.channel); },
          [&](const pri_event::RestartAck& e) { on_restart_ack(e.channel); },
      },
      event);
}

void PriSpan::on_setup(const pri_event::Setup& setup) {
  std::array<ChannelView, kSpanChannelsMax + 1> view{};
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const Call* holder = find(holder_[i]);
    view[i] = {exists(c), free_for_incoming(c), holder && holder->phase == LegPhase::call_initiated};
  }
  const ChannelGrant grant = choose_channel({setup.channel, setup.exclusive}, view, config_.network_side);
  if (grant.glare) count("glare");
  if (grant.glare && config_.network_side) {
    link_.clear(setup.call, grant.cause);
    return;
  }
  Call* displaced = grant.glare ? find(holder_[static_cast<std::size_t>(grant.channel)]) : nullptr;
  if (displaced) hold(*displaced, 0);
  Call& call = add(setup.call, observer_.new_leg());
  call.raw_channel = setup.raw == -1 ? grant.channel : (setup.raw & ~0xff) | grant.channel;
  call.digits = setup.called.substr(0, kDigitsMax);
  call.complete = number_is_complete(call.digits, setup.complete, config_);
  call.refuse_cause = grant.cause;
  if (grant.cause == 0) hold(call, grant.channel);
  else count("setup_without_channel");
  if (displaced) handle(*displaced, LegEvent::glare);  // the channel is taken before somebody dials again
  const PriCall id = call.call;
  handle(call, LegEvent::setup);
  if (const Call* still = find(id)) observer_.offered(still->leg, still->channel, setup.crv, setup.calling, still->digits, still->complete);
}

void PriSpan::on_information(const pri_event::Information& info) {
  Call* call = find(info.call);
  if (!call) return count("events_without_call");
  if (call->phase == LegPhase::call_present || call->phase == LegPhase::overlap_receiving) {
    if (call->digits.size() + info.digits.size() > kDigitsMax) count("digits_over_limit");
    else call->digits += info.digits;
    call->complete = number_is_complete(call->digits, info.complete, config_);
  }
  if (!handle(*call, LegEvent::digits)) return;
  call = find(info.call);
  if (call && call->complete && call->phase == LegPhase::overlap_receiving) handle(*call, LegEvent::number_complete);
}

// The far end may name another channel in its first reply, if we have not insisted on ours.
void PriSpan::follow_channel(Call& call, int channel) {
  if (call.phase != LegPhase::call_initiated || channel == call.channel || !exists(channel)) return;
  if (holder_[static_cast<std::size_t>(channel)] != PriCall::none) return count("channel_changed_to_busy");
  hold(call, channel);
  if (call.leg != LegId::none) observer_.seized(call.leg, channel, link_.crv(call.call));
}

// ---- RESTART (5.5) --------------------------------------------------------------------------------------------------

void PriSpan::restart(int channel) {
  if (!exists(channel)) return count("refused_commands");
  drop_calls_on(channel);
  restart_wanted_[static_cast<std::size_t>(channel)] = true;
  restart_next();
}

// One at a time, as 5.5.1 asks; a channel that has got a call meanwhile is left alone.
void PriSpan::restart_next() {
  if (restarting_ != 0 || !link_.up()) return;
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const auto i = static_cast<std::size_t>(c);
    if (!restart_wanted_[i]) continue;
    restart_wanted_[i] = false;
    if (holder_[i] != PriCall::none) continue;
    restarting_ = c;
    restart_tries_ = 0;
    break;
  }
  if (restarting_ != 0) send_restart();
}

void PriSpan::send_restart() {
  if (++restart_tries_ > kRestartTriesMax) {
    log::warn("span {} channel {}: RESTART is not acknowledged", span_.name(), restarting_);
    count("restart_unanswered");
    restarting_ = 0;
    return restart_next();
  }
  link_.send_restart(restarting_);
  restart_timer_ = timers_.after(kT316, [this] { send_restart(); });
}

void PriSpan::on_restart_ack(int channel) {
  if (restarting_ == 0 || channel != restarting_) return count("restart_ack_not_expected");
  timers_.cancel(restart_timer_);
  restart_timer_ = TimerId::none;
  restarting_ = 0;
  drop_calls_on(channel);  // a SETUP that crossed our RESTART: its sender has forgotten it
  restart_next();
}

void PriSpan::on_restart(int channel) {
  count("restart_received");
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if (channel == -1 || channel == c) drop_calls_on(c);
  if (config_.network_side) open_window(kRestartQuiet);
}

void PriSpan::drop_calls_on(int channel) {
  if (!exists(channel)) return;
  if (Call* call = find(holder_[static_cast<std::size_t>(channel)])) handle(*call, LegEvent::restart);
}

// ---- D channel ------------------------------------------------------------------------------------------------------

void PriSpan::on_up() {
  if (config_.network_side) {
    open_window(kRestartWindow);
  } else {
    usable_ = true;
    tell_d_channel();
  }
  if (config_.restart_at_start && !restarted_once_)
    for (const int c : channels()) restart_wanted_[static_cast<std::size_t>(c)] = true;
  restarted_once_ = true;
  restart_next();
}

void PriSpan::on_down() {
  timers_.cancel(window_);
  timers_.cancel(restart_timer_);
  window_ = restart_timer_ = TimerId::none;
  if (restarting_ != 0) restart_wanted_[static_cast<std::size_t>(restarting_)] = true;
  restarting_ = 0;
  usable_ = false;
  tell_d_channel();
}

void PriSpan::on_carrier(bool there) {
  if (!there) on_down();
  link_.carrier(there);
}

// Calls have T303, T305, T308 against lost messages; a RESTART has only T316, two minutes without the channel. A far end that
// begins anew again and again uses up the tries.
void PriSpan::on_anew() {
  if (restarting_ == 0) return;
  timers_.cancel(restart_timer_);
  restart_timer_ = TimerId::none;
  send_restart();
}

void PriSpan::open_window(Duration d) {
  usable_ = false;
  timers_.cancel(window_);
  window_ = timers_.after(d, [this] {
    window_ = TimerId::none;
    usable_ = link_.up();
    tell_d_channel();
  });
}

void PriSpan::tell_d_channel() {
  const bool up = in_service();
  if (up == told_up_ || window_ != TimerId::none) return;
  told_up_ = up;
  log::info("span {}: D channel {}", span_.name(), up ? "up" : "down");
  observer_.d_channel(up);
}

// ---- records --------------------------------------------------------------------------------------------------------

PriSpan::Call* PriSpan::find(PriCall id) {
  const auto at = calls_.find(id);
  return at == calls_.end() ? nullptr : at->second.get();
}
PriSpan::Call* PriSpan::find(LegId leg) {
  const auto at = by_leg_.find(leg);
  return at == by_leg_.end() ? nullptr : find(at->second);
}
const PriSpan::Call* PriSpan::find(LegId leg) const {
  const auto at = by_leg_.find(leg);
  return at == by_leg_.end() ? nullptr : calls_.at(at->second).get();
}

PriSpan::Call& PriSpan::add(PriCall id, LegId leg) {
  auto& slot = calls_[id];
  slot = std::make_unique<Call>();
  slot->call = id;
  slot->leg = leg;
  by_leg_[leg] = id;
  return *slot;
}

bool PriSpan::exists(int channel) const {
  if (span_.kind() == SpanKind::t1) return channel >= 1 && channel < kT1DChannel;
  return channel >= 1 && channel <= kSpanChannelsMax && channel != kE1DChannel;
}

// While our RESTART is on its way the exchange may still offer a call there; if it crossed it, on_restart_ack drops it.
bool PriSpan::free_for_incoming(int channel) const {
  const auto c = static_cast<std::size_t>(channel);
  return exists(channel) && holder_[c] == PriCall::none && !busyout_[c];
}

void PriSpan::hold(Call& call, int channel) {
  if (call.channel != 0) holder_[static_cast<std::size_t>(call.channel)] = PriCall::none;
  call.channel = channel;
  if (channel != 0) holder_[static_cast<std::size_t>(channel)] = call.call;
}

}  // namespace sr::sig
