// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/span_plan.h"

#include <cerrno>
#include <vector>

#include <fmt/format.h>

#include "drivers/dahdi/open_error.h"

namespace sr::dahdi {
namespace {

constexpr int kListedMax = 8;  // spans named in an error text
constexpr int kE1Channels = 31, kT1Channels = 24, kE1D = 16, kT1D = 24;

std::unexpected<Error> wrong(const SpanSpec& spec, std::string what, std::string fix) {
  return fail("span \"" + spec.name + "\": " + std::move(what), spec.where, std::move(fix));
}
std::unexpected<Error> wrong(const SpanSpec& spec, Error error) { return wrong(spec, std::move(error.what), std::move(error.fix)); }

std::string spans_there(Device& device) {
  std::string list;
  int listed = 0;
  for (int n = 1; n <= kSpanNumberMax && listed < kListedMax; ++n) {
    const auto span = device.span(n);
    if (!span) continue;
    list += (listed++ == 0 ? "" : ", ") + std::to_string(n) + " (" + span->name + ", " + std::to_string(span->total_channels) + " channels)";
  }
  return list.empty() ? "DAHDI has no span at all: plug the board in, load its module, run dahdi_cfg" : "write dahdi_span = one of " + list;
}

Result<SpanStatus> ask_span(Device& device, const SpanSpec& spec) {
  auto span = device.span(spec.span);
  if (span) return *span;
  if (span.error() != EINVAL) return wrong(spec, control_error(span.error(), {}));
  return wrong(spec, "DAHDI has no span " + std::to_string(spec.span), spans_there(device));
}

// The number of the span's first channel; `guess` if there is none, for the error text.
int first_of(Device& device, int span, int guess) {
  const auto is_first = [&](int number) {
    const auto params = device.params(number);
    return params && params->span == span && params->position == 1;
  };
  if (is_first(guess)) return guess;
  for (int number = 1; number <= kChannelNumberMax; ++number)
    if (is_first(number)) return number;
  return guess;
}

// Our channel 1…n are DAHDI's first_channel…: in this span, side by side.
Result<SpanPlan> place(Device& device, const SpanSpec& spec, std::vector<ChannelParams>& found) {
  SpanPlan plan;
  plan.span = spec.span;
  for (int c = 1; c <= spec.channels; ++c) {
    const int number = spec.first_channel + c - 1;
    const auto params = device.params(number);
    if (!params && params.error() != EINVAL) return wrong(spec, control_error(params.error(), {}));
    if (!params || params->span != spec.span)
      return wrong(spec, "DAHDI channel " + std::to_string(number) + (params ? " is in span " + std::to_string(params->span) : " does not exist"),
                   "write dahdi_channel = the number of the first channel of span " + std::to_string(spec.span) + ", see /proc/dahdi/" + std::to_string(spec.span));
    plan.channel[static_cast<std::size_t>(c)] = number;
    plan.law[static_cast<std::size_t>(c)] = params->law;
    if (spec.law && params->law != *spec.law)
      return wrong(spec, "DAHDI channel " + std::to_string(number) + " is set to " + (params->law == Law::alaw ? "A-law" : "mu-law") + ", the profile says the other",
                   std::string("write ") + (*spec.law == Law::alaw ? "alaw=" : "mulaw=") + std::to_string(number) + " into /etc/dahdi/system.conf and run dahdi_cfg (boardctl apply does both)");
    found.push_back(*params);
  }
  return plan;
}

std::string timeslot(const SpanSpec& spec, int position) {
  return "timeslot " + std::to_string(position) + " (DAHDI channel " + std::to_string(spec.first_channel + position - 1) + ")";
}

bool is_d(int signalling) { return signalling == abi::kSigHdlcFcs || signalling == abi::kSigHardHdlc; }

Status check_framing(const SpanSpec& spec, const SpanStatus& status) {
  const bool visible = (status.line_config & (abi::kLineCcs | abi::kLineHdb3)) != 0;  // a span without a framer has none
  if (!spec.crc4 || spec.kind != SpanKind::e1 || !visible) return {};
  const bool on = (status.line_config & abi::kLineCrc4) != 0;
  if (on == *spec.crc4) return {};
  return wrong(spec, std::string("CRC4 is ") + (on ? "on" : "off") + " on DAHDI span " + std::to_string(spec.span) + ", the profile says " + (on ? "off" : "on"),
               "ask the carrier which it is; write crc4 = " + std::string(on ? "true" : "false") + " here or boardctl apply to change the board");
}

}  // namespace

Result<SpanPlan> plan_digital(Device& device, const SpanSpec& wanted) {
  SpanSpec spec = wanted;
  const auto status = ask_span(device, spec);
  if (!status) return std::unexpected(status.error());
  const bool e1 = spec.kind == SpanKind::e1;
  if (status->total_channels != (e1 ? kE1Channels : kT1Channels))
    return wrong(spec, fmt::format("DAHDI span {} has {} channels, an {}", spec.span, status->total_channels, e1 ? "E1 has 31" : "T1 has 24"),
                 status->total_channels == (e1 ? kT1Channels : kE1Channels) ? fmt::format("write kind = \"{}\", or set the board to the other kind", e1 ? "t1" : "e1")
                                                                          : "name another span; " + spans_there(device));
  spec.first_channel = first_of(device, spec.span, spec.first_channel);
  std::vector<ChannelParams> found;
  auto plan = place(device, spec, found);
  if (!plan) return plan;
  plan->d_position = !spec.d_channel ? 0 : e1 ? kE1D : kT1D;
  for (int c = 1; c <= spec.channels; ++c) {
    const int signalling = found[static_cast<std::size_t>(c) - 1].signalling;
    if (spec.d_channel && is_d(signalling) && c != plan->d_position)
      return wrong(spec, "the D channel is in " + timeslot(spec, c) + ", on this kind of span it is in " + std::to_string(plan->d_position),
                   "write dchan=" + std::to_string(plan->channel[static_cast<std::size_t>(plan->d_position)]) + " into /etc/dahdi/system.conf and run dahdi_cfg (boardctl apply does both)");
  }
  for (int c = 1; c <= spec.channels; ++c) {
    const int signalling = found[static_cast<std::size_t>(c) - 1].signalling;
    const bool d = c == plan->d_position;
    if (d ? is_d(signalling) : signalling == abi::kSigClear) continue;
    return wrong(spec, timeslot(spec, c) + " is " + signalling_name(signalling) + ", not " + (d ? "dchan" : "bchan"),
                 std::string("write ") + (d ? "dchan=" : "bchan=") + std::to_string(plan->channel[static_cast<std::size_t>(c)]) + " into /etc/dahdi/system.conf and run dahdi_cfg (boardctl apply does both)");
  }
  if (auto ok = check_framing(spec, *status); !ok) return std::unexpected(ok.error());
  return plan;
}

Result<SpanPlan> plan_analog(Device& device, const SpanSpec& spec, Fits fits, const std::string& wanted) {
  if (const auto status = ask_span(device, spec); !status) return std::unexpected(status.error());
  std::vector<ChannelParams> found;
  auto plan = place(device, spec, found);
  if (!plan) return plan;
  for (int c = 1; c <= spec.channels; ++c) {
    const int signalling = found[static_cast<std::size_t>(c) - 1].signalling;
    if (!fits(signalling))
      return wrong(spec, "port " + std::to_string(c) + " (DAHDI channel " + std::to_string(plan->channel[static_cast<std::size_t>(c)]) + ") is " + signalling_name(signalling) + ", not " + wanted,
                   "an FXS port is signalled as fxo…, an FXO port as fxs…; boardctl apply writes /etc/dahdi/system.conf and runs dahdi_cfg");
  }
  return plan;
}

}  // namespace sr::dahdi
