// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/line_set.h"

#include <cerrno>
#include <cmath>
#include <cstring>

#include "drivers/dahdi/open_error.h"

namespace sr::dahdi {
namespace {

struct Prepared { Io<void> status; const char* step; };

bool is_analog(SpanKind kind) { return kind == SpanKind::fxs || kind == SpanKind::fxo; }

Prepared prepare_frames(Channel& channel) {
  if (auto ok = channel.set_buffers({kFrameBuffers, kFrameBufferSize}); !ok) return {ok, "SET_BUFINFO"};
  return {{}, ""};
}

LawTable gain(Law law, int db) { return law::amplified(law == Law::mulaw ? law::mulaw_value : law::alaw_value, std::pow(10.0, db / 20.0)); }

// Only a B channel has another mode than audio; the kernel refuses to hear of it on an analog one.
Prepared prepare_audio(Channel& channel, Law law, const SpanSpec& spec) {
  if (auto ok = is_analog(spec.kind) ? Io<void>{} : channel.audio_mode(true); !ok) return {ok, "AUDIOMODE"};
  if (auto ok = channel.set_law(law); !ok) return {ok, "SETLAW"};
  if (auto ok = channel.set_buffers({kAudioBuffers, kBlockSamples}); !ok) return {ok, "SET_BUFINFO"};
  if (spec.rx_gain_db != 0 || spec.tx_gain_db != 0)
    if (auto ok = channel.set_gains(gain(law, spec.rx_gain_db), gain(law, spec.tx_gain_db)); !ok) return {ok, "SETGAINS"};
  if (auto ok = channel.flush(); !ok) return {ok, "FLUSH"};
  return {{}, ""};
}

// The kernel drops the buffers of an analog line that hangs up, and a clock may not lose time.
Status open_pseudo(Device& device, LineSet& set, const SpanSpec& spec) {
  auto pseudo = device.open_pseudo();
  if (pseudo)
    if (auto ok = (*pseudo)->set_buffers({kAudioBuffers, kBlockSamples}); !ok) pseudo = std::unexpected(ok.error());
  if (!pseudo) return fail("span \"" + spec.name + "\": DAHDI's pseudo channel cannot be opened: " + std::strerror(pseudo.error()), spec.where,
                           pseudo.error() == EACCES ? "let boardd's user open /dev/dahdi/pseudo as it opens /dev/dahdi/channel" : "see dmesg for what the driver says");
  set.channel[0] = std::move(*pseudo);
  return {};
}

}  // namespace

Result<std::unique_ptr<LineSet>> open_lines(Device& device, const SpanPlan& plan, const SpanSpec& spec) {
  auto set = std::make_unique<LineSet>();
  set->plan = plan;
  set->echo_taps = spec.echo_taps;
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const auto i = static_cast<std::size_t>(c);
    if (plan.channel[i] == 0) continue;
    auto channel = device.open(plan.channel[i]);
    if (!channel) {
      Error error = open_error(channel.error(), plan.channel[i], spec.where);
      error.what = "span \"" + spec.name + "\": " + error.what;
      return std::unexpected(std::move(error));
    }
    const bool d = c == plan.d_position;
    if (const auto done = d ? prepare_frames(**channel) : prepare_audio(**channel, plan.law[i], spec); !done.status)
      return fail("span \"" + spec.name + "\": DAHDI channel " + std::to_string(plan.channel[i]) + " refuses " + done.step + ": " + std::strerror(done.status.error()),
                  spec.where, "see dmesg for what the driver says");
    set->channel[i] = std::move(*channel);
    if (!d) set->audio |= 1U << c;
  }
  if (is_analog(spec.kind))
    if (auto ok = open_pseudo(device, *set, spec); !ok) return std::unexpected(std::move(ok.error()));
  return set;
}

}  // namespace sr::dahdi
