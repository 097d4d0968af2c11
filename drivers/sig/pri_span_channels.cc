// The state of the channels: who gets one, RESTART, busy-out with SERVICE messages, channels that the two sides see differently.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/log.h"
#include "drivers/sig/pri_span.h"

namespace sr::sig {
namespace {

constexpr int kNoChannel = 34, kChannelUnavailable = 44, kChannelUnknown = 82;  // Q.850
constexpr int kE1DChannel = 16, kT1DChannel = 24;

}  // namespace

ChannelGrant choose_channel(ChannelAsk ask, const std::array<ChannelView, kSpanChannelsMax + 1>& view, bool network_side) {
  const bool named = ask.channel > 0 && ask.channel <= kSpanChannelsMax;
  if (named) {
    const ChannelView& asked = view[static_cast<std::size_t>(ask.channel)];
    if (asked.idle) return {ask.channel, 0, false};
    if (asked.ours_initiated && !network_side) return {ask.channel, 0, true};           // 5.7: the network's call has it
    if (asked.ours_active && ask.exclusive) return {0, kChannelUnavailable, false, true};
    if (asked.ours_initiated && ask.exclusive) return {0, kChannelUnavailable, true};   // 5.7: the user's call is cleared
  }
  if (ask.exclusive && ask.channel != -1) return {0, named && view[static_cast<std::size_t>(ask.channel)].exists ? kChannelUnavailable : kChannelUnknown, false};
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if (view[static_cast<std::size_t>(c)].idle) return {c, 0, false};
  return {0, kNoChannel, false};
}

bool has_service_messages(std::string_view switch_type) {
  return switch_type == "ni2" || switch_type == "dms100" || switch_type == "4ess" || switch_type == "5ess";
}

bool PriSpan::exists(int channel) const {
  const bool t1 = span_.kind() == SpanKind::t1;
  if (channel < 1 || channel > (t1 ? kT1DChannel : kSpanChannelsMax)) return false;
  return !has_d() || channel != (t1 ? kT1DChannel : kE1DChannel);
}

// While our RESTART is on its way the exchange may still offer a call there; if it crossed it, on_restart_ack drops it.
bool PriSpan::free_for_incoming(int channel) const {
  const auto c = static_cast<std::size_t>(channel);
  return exists(channel) && channels_[c].holder == PriCall::none && !channels_[c].busyout;
}

void PriSpan::hold(Call& call, int channel) {
  if (call.channel != 0) channels_[static_cast<std::size_t>(call.channel)].holder = PriCall::none;
  call.channel = channel;
  if (channel != 0) channels_[static_cast<std::size_t>(channel)].holder = call.call;
}

// ---- RESTART (5.5) --------------------------------------------------------------------------------------------------

void PriSpan::restart(int channel) {
  if (!exists(channel)) return count("refused_commands");
  drop_calls_on(channel);
  channels_[static_cast<std::size_t>(channel)].restart_wanted = true;
  restart_next();
}

// One at a time, as 5.5.1 asks; a channel that has got a call meanwhile is left alone.
void PriSpan::restart_next() {
  if (restarting_ != 0 || !link_.up()) return;
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const auto i = static_cast<std::size_t>(c);
    if (!channels_[i].restart_wanted) continue;
    channels_[i].restart_wanted = false;
    if (channels_[i].holder != PriCall::none) continue;
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
  link_.send_restart(wire_channel(restarting_, config_.interface));
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
    if (channel == -1 || channel == c) {
      drop_calls_on(c);
      channels_[static_cast<std::size_t>(c)].rests_until = {};
    }
  if (config_.network_side) open_window(kRestartQuiet);
}

void PriSpan::drop_calls_on(int channel) {
  if (!exists(channel)) return;
  if (Call* call = find(channels_[static_cast<std::size_t>(channel)].holder)) handle(*call, LegEvent::restart);
}

// ---- busy-out and SERVICE (T1.607 annex G) --------------------------------------------------------------------------

void PriSpan::busyout(int channel, bool on) {
  if (!exists(channel)) return;
  channels_[static_cast<std::size_t>(channel)].busyout = on;
  tell_service(channel);
}

// A call that is up stays: the far end is told when the channel is free.
void PriSpan::tell_service(int channel) {
  Channel& c = channels_[static_cast<std::size_t>(channel)];
  if (!has_service_messages(config_.switch_type) || !link_.up() || c.out_told == c.busyout || c.holder != PriCall::none) return;
  c.out_told = c.busyout;
  link_.send_service(channel, config_.interface, !c.busyout);
}

void PriSpan::on_service(int channel, bool in_service) {
  if (!exists(channel)) return count("service_for_no_channel");
  count("service_received");
  channels_[static_cast<std::size_t>(channel)].far_out = !in_service;
  log::info("span {} channel {}: the far end has taken it {} service", span_.name(), channel, in_service ? "back into" : "out of");
}

// ---- channels that the two sides see differently --------------------------------------------------------------------

// Cause 44 for a call of ours: the far end has busied the channel out, has a call there that we have not, or one that we shall see.
void PriSpan::follow_refusal(const Call& call, int cause) {
  const bool before_answer = call.phase == LegPhase::call_initiated || call.phase == LegPhase::outgoing_proceeding;
  if (cause != kChannelUnavailable || !before_answer || call.channel == 0) return;
  count("refused_44");
  const int channel = call.channel;
  Channel& c = channels_[static_cast<std::size_t>(channel)];
  c.rests_until = timers_.now() + kRestAfter44;
  timers_.cancel(c.look);
  c.look = timers_.after(kStuckLook, [this, channel] {
    Channel& now = channels_[static_cast<std::size_t>(channel)];
    now.look = TimerId::none;
    if (timers_.now() < now.rests_until && now.holder == PriCall::none && !now.far_out && !now.busyout) stuck(channel, "the far end says busy, and we have no call on it");
  });
}

void PriSpan::stuck(int channel, std::string_view why) {
  count("channels_stuck");
  log::warn("span {} channel {}: {}: RESTART", span_.name(), channel, why);
  restart(channel);
}

}  // namespace sr::sig
