// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/wiring_analog.h"

#include "drivers/dahdi/analog_plane.h"

namespace sr::daemon {
namespace {

media::CallerIdWay way_of(const std::string& word) {
  return word == "dtmf" ? media::CallerIdWay::dtmf : word == "none" ? media::CallerIdWay::none : media::CallerIdWay::fsk;
}

Result<std::optional<media::BusyKnown>> busy_of(const profile::Profile& p, const profile::DahdiLine& line) {
  if (line.busy == "off") return std::nullopt;
  const bool learn = line.busy == "learn";
  auto known = learn || line.busy == "country" ? media::busy_of_country(p.tone_zone) : media::parse_busy(line.busy);
  if (!known)
    return fail("span.busy: " + known.error().what, p.file + ":" + std::to_string(line.line), known.error().fix + ", or one of learn, country, off");
  known->learn = learn;
  return *known;
}

}  // namespace

Result<std::unique_ptr<dahdi::LinePlane>> analog_plane(Reactor& reactor, const profile::Profile& p, const profile::SpanProfile& s, const dahdi::SpanSpec& spec) {
  const profile::DahdiLine& line = *s.dahdi;
  dahdi::AnalogConfig config;
  config.start = line.start == "loop" ? dahdi::Start::loop : line.start == "ground" ? dahdi::Start::ground : dahdi::Start::kewl;
  config.caller_id = way_of(line.caller_id);
  config.flash_max = s.flash;
  auto busy = s.kind == SpanKind::fxo ? busy_of(p, line) : std::nullopt;
  if (!busy) return std::unexpected(busy.error());
  config.busy = *busy;
  return std::make_unique<dahdi::AnalogPlane>(dahdi::loop_of(reactor), spec, config);
}

sig::FxoConfig fxo_config(const profile::SpanProfile& s) {
  sig::FxoConfig out{.group = s.group};
  if (!s.dahdi) return out;
  out.lines = s.dahdi->channels;
  out.await_caller_id = s.dahdi->caller_id == "fsk";
  out.answer_by_polarity = s.dahdi->answer_polarity;
  out.disconnect_by_polarity = s.dahdi->polarity_disconnect;
  out.line_dials = true;
  return out;
}

}  // namespace sr::daemon
