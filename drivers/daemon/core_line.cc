// Commands to the line: tag, alert, answer, clear, dial, ring, flash, busy-out, restart.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <charconv>

#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

Leg* Core::known(LegId id) {
  Leg* leg = legs_.find(id);
  if (leg == nullptr) ++counters_.late_commands;  // it has been Released, and ctid will read that
  return leg;
}

void Core::run(const cmd::SetTag& c) {
  Leg* leg = known(c.leg);
  if (leg == nullptr) return;
  leg->tag = c.tag;
  refresh_detect(*leg);
}

void Core::run(const cmd::Alert& c) {
  if (Leg* leg = known(c.leg); leg != nullptr && leg->span >= 0) line(*leg).alert(c.leg);
}

void Core::run(const cmd::Progress& c) {
  if (Leg* leg = known(c.leg); leg != nullptr && leg->span >= 0) line(*leg).progress(c.leg);
}

void Core::run(const cmd::Answer& c) {
  if (Leg* leg = known(c.leg); leg != nullptr && leg->span >= 0) line(*leg).answer(c.leg);
}

void Core::run(const cmd::Clear& c) {
  Leg* leg = known(c.leg);
  if (leg == nullptr) return;
  if (leg->span < 0) never_began(*leg, c.cause, "cleared");  // between a lost glare and the second try
  else line(*leg).clear(c.leg, c.cause);
}

void Core::run(const cmd::Flash& c) {
  if (Leg* leg = known(c.leg); leg != nullptr && leg->span >= 0) line(*leg).flash(c.leg);
}

Leg* Core::new_outgoing(LegId id, const Tag& tag, LineKind kind) {
  Leg* leg = legs_.add(id);
  if (leg == nullptr) {
    ++counters_.refused_commands;
    log::warn("leg {} exists already: the command is ignored", to_number(id));
    return nullptr;
  }
  leg->outgoing = true;
  leg->tag = tag;
  leg->line = kind;
  leg->since = timers_.now();
  return leg;
}

void Core::run(const cmd::Dial& c) {
  Leg* leg = new_outgoing(c.leg, c.tag, LineKind::trunk);
  if (leg == nullptr) return;
  leg->group = c.group;
  leg->calling = c.calling;
  leg->called = c.called;
  if (!dial_somewhere(*leg)) never_began(*leg, 34, why_no_channel(leg->group));
}

void Core::run(const cmd::Ring& c) {
  Leg* leg = new_outgoing(c.leg, c.tag, LineKind::station);
  if (leg == nullptr) return;
  leg->station = c.station;
  leg->calling = c.calling;
  leg->called = c.station;
  const auto at = stations_.find(c.station);
  if (at == stations_.end()) return never_began(*leg, 1, "no such station");
  const auto [span, channel] = at->second;
  auto& u = *units_[static_cast<std::size_t>(span)];
  if (legs_.at(span, channel) != nullptr || u.sig->channel_state(channel) != sig::ChannelState::idle)
    return never_began(*leg, 17, "station is not idle");
  take_channel(*leg, span, channel);
  if (u.sig->ring(c.leg, channel, c.calling, c.name)) return;
  if (leg = legs_.find(c.leg); leg != nullptr) never_began(*leg, 17, "station is not idle");
}

std::uint32_t Core::usable(const SpanUnit& u) const { return u.sig->in_service() ? u.channels & ~u.busied_out & ~u.in_test : 0; }

SpanUnit* Core::unit_named(std::string_view name) {
  for (const auto& u : units_)
    if (u->name == name) return u.get();
  return nullptr;
}

namespace {
struct NamedChannel { std::string_view span; int channel; };
std::optional<NamedChannel> named_channel(std::string_view group) {  // "span/channel"
  const auto slash = group.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  int channel = 0;
  const auto digits = group.substr(slash + 1);
  const auto end = digits.data() + digits.size();
  const auto [p, ec] = std::from_chars(digits.data(), end, channel);
  if (ec != std::errc() || p != end || channel < 1 || channel > kSpanChannelsMax) return std::nullopt;
  return NamedChannel{group.substr(0, slash), channel};
}
}  // namespace

bool Core::dial_somewhere(Leg& leg) {
  if (const auto one = named_channel(leg.group)) {
    SpanUnit* u = unit_named(one->span);
    if (u == nullptr || (((usable(*u) & ~legs_.busy(u->index)) >> one->channel) & 1U) == 0) return false;
    return dial_on(leg, u->index, one->channel);
  }
  const auto found = groups_.find(leg.group);
  if (found == groups_.end()) return false;
  auto& group = found->second;
  std::vector<TrunkChannels> spans;
  spans.reserve(group.spans.size());
  for (const int span : group.spans) {
    const auto& u = *units_[static_cast<std::size_t>(span)];
    spans.push_back({usable(u), legs_.busy(span) | (span == leg.lost_span ? 1U << leg.lost_channel : 0), u.left});
  }
  while (const auto picked = pick_channel(spans, group.hunt, group.last)) {  // ends: each turn takes one channel out
    group.last = *picked;
    if (dial_on(leg, group.spans[picked->place], picked->channel)) return true;
    spans[picked->place].busy |= 1U << picked->channel;
  }
  return false;
}

std::string Core::why_no_channel(const std::string& group) {
  const auto one = named_channel(group);
  if (!one) return groups_.contains(group) ? "no free channel" : "no trunk group '" + group + "'";
  const SpanUnit* u = unit_named(one->span);
  const std::uint32_t bit = 1U << one->channel;
  if (u == nullptr) return "no span '" + std::string(one->span) + "'";
  if ((u->channels & bit) == 0) return group + " carries no calls";
  if (!u->sig->in_service()) return u->name + " is out of service";
  if ((u->busied_out & bit) != 0) return group + " is busied out";
  if ((u->in_test & bit) != 0) return group + " is under test";
  return group + " is in use";
}

bool Core::dial_on(Leg& leg, int span, int channel) {
  auto& u = *units_[static_cast<std::size_t>(span)];
  if (u.sig->channel_state(channel) != sig::ChannelState::idle) return false;
  leg.line = u.line;
  take_channel(leg, span, channel);
  if (u.sig->dial(leg.id, channel, leg.calling, leg.called)) return true;
  leave_channel(leg);
  leg.span = -1;
  return false;
}

void Core::dial_again(LegId id) {
  Leg* leg = legs_.find(id);
  if (leg == nullptr || leg->span >= 0) return;
  if (!dial_somewhere(*leg)) return never_began(*leg, 44, "glare, and no other channel is free");
  leg = legs_.find(id);
  Leg* partner = leg == nullptr ? nullptr : legs_.find(leg->partner);
  if (partner != nullptr) connect_media(*leg, *partner);  // early media was joined before the channel changed
}

// A leg that signalling does not know (any more): its only sign is Released.
void Core::never_began(Leg& leg, int cause, std::string_view why) { on_released(leg.id, cause, false, why); }

void Core::run(const cmd::Busyout& c) {
  SpanUnit* u = unit_named(c.span);
  if (u == nullptr || c.channel < 0 || c.channel > kSpanChannelsMax || (c.channel != 0 && ((u->channels >> c.channel) & 1U) == 0)) {
    ++counters_.refused_commands;
    log::warn("busyout {}/{}: there is no such channel", c.span, c.channel);
    return;
  }
  for (int ch = 1; ch <= kSpanChannelsMax; ++ch) {
    if (((u->channels >> ch) & 1U) == 0 || (c.channel != 0 && ch != c.channel)) continue;
    if (c.on) u->busied_out |= 1U << ch;
    else u->busied_out &= ~(1U << ch);
    u->sig->busyout(ch, c.on || ((u->in_test >> ch) & 1U) != 0);
  }
  measure_busy(*u);
}

void Core::run(const cmd::Restart& c) {
  SpanUnit* u = unit_named(c.span);
  if (u == nullptr || c.channel < 0 || c.channel > kSpanChannelsMax || (c.channel != 0 && ((u->channels >> c.channel) & 1U) == 0)) {
    ++counters_.refused_commands;
    log::warn("restart {}/{}: there is no such channel", c.span, c.channel);
    return;
  }
  for (int ch = 1; ch <= kSpanChannelsMax; ++ch)
    if (((u->channels >> ch) & 1U) != 0 && (c.channel == 0 || ch == c.channel)) u->sig->restart(ch);
}

}  // namespace sr::daemon
