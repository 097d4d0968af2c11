// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/wiring.h"

#include <filesystem>

#include "drivers/daemon/wiring_analog.h"
#include <map>

#include "drivers/sig/pri_group.h"

namespace sr::daemon {

std::vector<SoftSpanConfig> soft_spans(const profile::Profile& p) {
  std::vector<SoftSpanConfig> out;
  for (const auto& s : p.spans)
    if (!s.dahdi) out.push_back({s.name, s.kind});
  return out;
}

namespace {
using NfasGroups = std::map<std::string, std::shared_ptr<sig::PriGroup>>;

SpanConfig config_of(const profile::SpanProfile& s, NfasGroups& groups) {
  switch (s.kind) {
    case SpanKind::fxs: {
      sig::FxsConfig c;
      for (const auto& one : s.stations) c.stations.push_back({one.channel, one.number});
      c.flash_max = s.flash;
      c.howler_after = s.howler;
      c.dial_tone_max = s.dial_tone;
      return c;
    }
    case SpanKind::fxo: return fxo_config(s);
    case SpanKind::e1:
    case SpanKind::t1: break;
  }
  sig::PriConfig c;
  c.group = s.group;
  c.network_side = s.network_side;
  c.hunt = s.hunt;
  c.where = s.side_where;
  if (!s.nfas_group.empty()) {
    auto& group = groups[s.nfas_group];
    if (!group) group = std::make_shared<sig::PriGroup>();
    c.nfas = group;
    c.interface = s.nfas_interface;
    c.d_role = s.d_channel == "primary" ? sig::DChannelRole::primary : s.d_channel == "backup" ? sig::DChannelRole::backup : sig::DChannelRole::none;
  }
  c.switch_type = s.switch_type;
  c.overlap_receiving = s.overlap;
  c.number_length = s.number_length;
  c.restart_at_start = s.restart_at_start;
  c.t301 = s.t301;
  c.t302 = s.t302;
  c.t304 = s.t304;
  c.t309 = s.t309;
  c.t310 = s.t310;
  return c;
}
}  // namespace

std::vector<SpanSetup> span_setups(const profile::Profile& p, const std::vector<SpanDriver*>& drivers) {
  std::vector<SpanSetup> out;
  NfasGroups groups;
  SR_ENSURE(drivers.size() == p.spans.size());
  for (std::size_t i = 0; i < drivers.size(); ++i) out.push_back({drivers[i], config_of(p.spans[i], groups)});
  return out;
}

std::vector<TraceSpan> trace_spans(const profile::Profile& p) {
  std::vector<TraceSpan> out;
  for (const auto& s : p.spans) out.push_back({s.name, s.network_side, s.kind == SpanKind::e1 || s.kind == SpanKind::t1});
  return out;
}

media::MediaConfig media_config(const profile::Profile& p, const std::string& run_dir) {
  media::MediaConfig c;
  c.prompt_dir = p.prompt_dir;
  c.music_file = p.music;
  c.record_dir = profile::Profile::below(run_dir, p.record_dir);
  c.tone_zone = p.tone_zone;
  c.disk_low_percent = p.disk_low_percent;
  c.realtime = p.realtime;
  return c;
}

Status make_directories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail("cannot be made: " + error.message(), path, "check the rights of the directory above");
  return {};
}

}  // namespace sr::daemon
