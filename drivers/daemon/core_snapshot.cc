// SPDX-License-Identifier: GPL-2.0-or-later
#include <bit>

#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

namespace {
std::string kind_name(SpanKind kind) {
  switch (kind) {
    case SpanKind::e1: return "e1";
    case SpanKind::t1: return "t1";
    case SpanKind::fxs: return "fxs";
    case SpanKind::fxo: return "fxo";
  }
  return "?";
}
}  // namespace

Snapshot Core::snapshot() const {
  Snapshot out;
  out.epoch = log_.epoch();
  out.seq = log_.last();
  out.at = timers_.now();
  out.legs.reserve(legs_.size());
  for (const LegId id : legs_.ids()) {
    const Leg& leg = *legs_.find(id);
    LegSnapshot& s = out.legs.emplace_back();
    s.leg = id;
    s.line = leg.line;
    s.channel = leg.channel;
    s.station = leg.station;
    s.calling = leg.calling;
    s.called = leg.called;
    s.outgoing = leg.outgoing;
    s.tag = leg.tag;
    s.connected_to = leg.partner;
    s.recording = leg.recording;
    s.since = leg.since;
    if (legs_.find(leg.listens_to) != nullptr) {
      s.listens_to = leg.listens_to;
      s.listens_as = leg.listens_as;
    }
    if (leg.span < 0) continue;
    const auto& u = *units_[static_cast<std::size_t>(leg.span)];
    s.span = u.name;
    s.state = u.sig->leg_state(id);
  }
  for (const auto& u : units_) {
    SpanSnapshot& s = out.spans.emplace_back();
    s.span = u->name;
    s.kind = kind_name(u->kind);
    s.group = u->group;
    s.in_service = u->sig->in_service();
    s.d_channel_up = u->line == LineKind::trunk && s.in_service;
    for (const AlarmKind a : u->alarms) s.alarms.emplace_back(boost::describe::enum_to_string(a, "?"));
    s.channels = std::popcount(u->channels);
    s.in_use = legs_.in_use(u->index);
    s.counters = u->driver->counters();
    for (const auto& [name, n] : u->sig->counters()) s.counters[name] += n;
    s.busied_out = channels_in(u->busied_out);
    s.in_test = channels_in(u->in_test);
    if (u->line != LineKind::station) s.usable = channels_in(open_channels(*u));
    s.history = u->history;
    const auto audio = media_.span_counters(u->media_span);
    s.counters["blocks_in"] = audio.blocks_in;
    s.counters["blocks_out"] = audio.blocks_out;
    s.counters["underruns"] = audio.underruns;
    s.counters["slips"] = audio.slips;
    for (const auto& station : u->stations) out.stations.push_back({station.number, station.off_hook, station.in_service});
  }
  out.history = history_;
  return out;
}

}  // namespace sr::daemon
