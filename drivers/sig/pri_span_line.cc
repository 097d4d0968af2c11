// What the line says: libpri's events to the rows of the table, glare, the D channel up and down.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "drivers/base/log.h"
#include "drivers/sig/pri_span.h"

namespace sr::sig {
namespace {

constexpr int kDestinationOutOfOrder = 27, kChannelUnavailable = 44;  // Q.850

template <class... F>
struct Overloaded : F... { using F::operator()...; };

}  // namespace

void PriSpan::on_pri(const PriEvent& event) {
  const auto with = [this](PriCall id, auto&& then) {
    if (Call* call = find(id)) then(*call);
    else count("events_without_call");
  };
  std::visit(
      Overloaded{
          [&](const pri_event::Up&) { on_up(); },
          [&](const pri_event::Down&) { on_down(); },
          [&](const pri_event::SameSide&) { on_same_side(); },
          [&](const pri_event::SwitchedOver&) { on_switched_over(); },
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
          [&](const pri_event::Disconnect& e) { with(e.call, [&](Call& c) { follow_refusal(c, e.cause); handle(c, LegEvent::disconnect, e.cause); }); },
          [&](const pri_event::Gone& e) {
            with(e.call, [&](Call& c) {
              // The network has given the channel to a call of its own that we have not seen yet.
              const bool lost = c.phase == LegPhase::call_initiated && e.cause == kChannelUnavailable && !config_.network_side;
              follow_refusal(c, e.cause);
              handle(c, lost ? LegEvent::glare : LegEvent::gone, e.cause);
            });
          },
          [&](const pri_event::Restart& e) { on_restart(e.channel); },
          [&](const pri_event::RestartAck& e) { on_restart_ack(e.channel); },
          [&](const pri_event::Service& e) { on_service(e.channel, e.in_service); },
      },
      event);
}

void PriSpan::on_setup(const pri_event::Setup& setup) {
  std::array<ChannelView, kSpanChannelsMax + 1> view{};
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const Call* holder = find(channels_[i].holder);
    view[i] = {exists(c), free_for_incoming(c), holder && holder->phase == LegPhase::call_initiated, holder && holder->phase == LegPhase::active};
  }
  const ChannelGrant grant = choose_channel({setup.channel, setup.exclusive}, view, config_.network_side);
  if (grant.glare) count("glare");
  if (grant.stuck) stuck(setup.channel, "the far end offers a call on it while one of ours is up");
  if (grant.glare && config_.network_side) {
    link_.clear(setup.call, grant.cause);
    return;
  }
  Call* displaced = grant.glare ? find(channels_[static_cast<std::size_t>(grant.channel)].holder) : nullptr;
  if (displaced) hold(*displaced, 0);
  Call& call = add(setup.call, observer_.new_leg());
  call.raw_channel = setup.raw == -1 ? wire_channel(grant.channel, config_.interface) : (setup.raw & ~0xff) | grant.channel;
  call.digits = setup.called.substr(0, kDigitsMax);
  call.complete = number_is_complete(call.digits, setup.complete, config_);
  call.refuse_cause = grant.cause;
  if (grant.cause == 0) {
    hold(call, grant.channel);
    channels_[static_cast<std::size_t>(grant.channel)].rests_until = {};  // glare, and no channel that is stuck
  }
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
  if (channels_[static_cast<std::size_t>(channel)].holder != PriCall::none) return count("channel_changed_to_busy");
  hold(call, channel);
  if (call.leg != LegId::none) observer_.seized(call.leg, channel, link_.crv(call.call));
}

// ---- D channel ------------------------------------------------------------------------------------------------------

void PriSpan::on_up() {
  watch_t309(false);
  if (config_.network_side) {
    open_window(kRestartWindow);
  } else {
    usable_ = true;
    tell_d_channel();
  }
  if (config_.restart_at_start && !restarted_once_)
    for (const int c : channels()) channels_[static_cast<std::size_t>(c)].restart_wanted = true;
  restarted_once_ = true;
  restart_next();
  for (const int c : channels()) tell_service(c);
}

void PriSpan::on_down() {
  timers_.cancel(window_);
  timers_.cancel(restart_timer_);
  window_ = restart_timer_ = TimerId::none;
  if (restarting_ != 0) channels_[static_cast<std::size_t>(restarting_)].restart_wanted = true;
  for (Channel& c : channels_) c.far_out = c.out_told = false;  // each side says it again when the link is back
  restarting_ = 0;
  usable_ = false;
  watch_t309(true);
  tell_d_channel();
}

void PriSpan::watch_t309(bool run) {
  if (!config_.nfas) return;  // libpri's
  for (auto& [id, call] : calls_) {
    if (call->phase != LegPhase::active) continue;
    if (run && call->timer == TimerId::none) call->timer = timers_.after(config_.t309, [this, one = id] { t309_over(one); });
    if (run) continue;
    timers_.cancel(call->timer);
    call->timer = TimerId::none;
  }
}

void PriSpan::t309_over(PriCall id) {
  Call* call = find(id);
  if (!call) return;
  call->timer = TimerId::none;
  link_.destroy(id);
  handle(*call, LegEvent::gone, kDestinationOutOfOrder);
}

void PriSpan::on_switched_over() {
  std::vector<PriCall> lost;
  for (const auto& [id, call] : calls_)
    if (call->phase != LegPhase::active) lost.push_back(id);
  for (const PriCall id : lost) t309_over(id);
  on_anew();
}

void PriSpan::on_carrier(bool there) {
  if (has_d()) link_.carrier(there, d_number());
  if (!there && !link_.up()) on_down();
  else tell_d_channel();  // NFAS: another span has the D channel
}

// Calls have T303, T305, T308 against lost messages; a RESTART has only T316, two minutes without the channel. A far end that
// begins anew again and again uses up the tries.
void PriSpan::on_anew() {
  if (restarting_ == 0) return;
  timers_.cancel(restart_timer_);
  restart_timer_ = TimerId::none;
  send_restart();
}

std::string same_side_text(const std::string& span, const PriConfig& config) {
  const char* ours = config.network_side ? "network" : "user";
  const char* other = config.network_side ? "user" : "network";
  return fmt::format("{}span {}: both ends of the line are the {} side, so the D channel cannot come up (write side = \"{}\" for this span, or make the far end the {} side)",
                     config.where.empty() ? "" : config.where + ": ", span, ours, other, other);
}

void PriSpan::on_same_side() {
  count("both_sides_same");
  if (timers_.now() < same_side_next_) return;
  same_side_next_ = timers_.now() + kSameSideEvery;
  log::error("{}", same_side_text(span_.name(), config_));
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
  group_->own(id, this);
  return *slot;
}

}  // namespace sr::sig
