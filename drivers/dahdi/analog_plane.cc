// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/analog_plane.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "drivers/base/log.h"
#include "drivers/dahdi/open_error.h"

namespace sr::dahdi {
namespace {

constexpr std::array kBell = {kBellMaxMs, 1000};

template <int kSignalling>
bool is(int signalling) { return signalling == kSignalling; }

Fits fits(int signalling) {
  switch (signalling) {
    case abi::kSigFxoKs: return is<abi::kSigFxoKs>;
    case abi::kSigFxoLs: return is<abi::kSigFxoLs>;
    case abi::kSigFxoGs: return is<abi::kSigFxoGs>;
    case abi::kSigFxsKs: return is<abi::kSigFxsKs>;
    case abi::kSigFxsLs: return is<abi::kSigFxsLs>;
    default: return is<abi::kSigFxsGs>;
  }
}

std::uint32_t mask_of(const SpanSpec& spec) {
  std::uint32_t mask = 0;
  for (int c = 1; c <= spec.channels; ++c) mask |= 1U << c;
  return mask;
}

}  // namespace

AnalogPlane::AnalogPlane(Loop loop, const SpanSpec& spec, const AnalogConfig& config)
    : loop_(std::move(loop)), spec_(spec), config_(config), wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  SR_ENSURE(wake_fd_ >= 0);
  wake_ = loop_.watch(wake_fd_, true, [this] { take_heard(); });
  for (Line& one : lines_by_channel_) one.port = {.kind = spec_.kind, .start = config_.start};
}

AnalogPlane::~AnalogPlane() {
  loop_.timers.cancel(tell_timer_);
  wake_.reset();
  ::close(wake_fd_);
}

Result<SpanPlan> AnalogPlane::plan(Device& device, const SpanSpec& spec) const {
  const int wanted = signalling_of(spec_.kind, config_.start);
  return plan_analog(device, spec, fits(wanted), signalling_name(wanted) + " (start = \"" + start_name(config_.start) + "\")");
}

AudioPort& AnalogPlane::sound(AudioPort& board) {
  if (audio_) return *audio_;
  audio_ = std::make_unique<AnalogAudio>(board, mask_of(spec_), !is_phone(), config_.busy, wake_fd_);
  for (int c = 1; c <= spec_.channels && !is_phone(); ++c) listen(c);
  return *audio_;
}

Status AnalogPlane::prepare(LineSet& lines) {
  for (int c = 1; c <= spec_.channels; ++c) {
    Channel& channel = *lines.at(c);
    const auto refused = [&](const char* what, int error) {
      return fail("span \"" + spec_.name + "\": port " + std::to_string(c) + " (DAHDI channel " + std::to_string(lines.plan.channel[static_cast<std::size_t>(c)]) + ") refuses " + what + ": " +
                      std::strerror(error), spec_.where, error == ENODATA || error == EINVAL ? "write loadzone= into /etc/dahdi/system.conf and run dahdi_cfg (boardctl apply does both)" : "see dmesg for what the driver says");
    };
    auto params = channel.params();
    if (!params) return refused("its parameters", params.error());
    line(c) = {.port = {.kind = spec_.kind, .start = config_.start}, .number = {}, .alarm = line(c).alarm};
    if (is_phone()) {
      params->rx_flash_ms = static_cast<int>(config_.flash_max / 1ms);
      if (auto ok = channel.set_times(*params); !ok) return refused("the longest flash", ok.error());
      if (auto ok = channel.set_ring_cadence(kBell); !ok) return refused("a ring cadence", ok.error());
      line(c).port.off_hook = params->rx_off_hook;
      if (params->rx_off_hook) (void)channel.hook(Hook::off_hook);
    } else {
      listen(c);
    }
  }
  loop_.timers.cancel(tell_timer_);
  tell_timer_ = loop_.timers.after(0us, [this] { tell_timer_ = TimerId::none; tell_state(); });
  return {};
}

// ---- from the line ----------------------------------------------------------------------------------------------------------

// Ports in alarm and phones off-hook before we came.
void AnalogPlane::tell_state() {
  for (int c = 1; c <= spec_.channels && has(c); ++c) {
    if (const auto params = lines_->at(c)->params()) take_alarms(c, params->alarms);
    if (is_phone() && line(c).port.off_hook) tell(c, LineSignal::off_hook);
  }
}

void AnalogPlane::take_alarms(int channel, int alarms) {
  const bool alarm = alarms != 0;
  if (std::exchange(line(channel).alarm, alarm) == alarm) return;
  if (alarm) {
    ++counters_["port_alarms"];
    ++counters_["port_alarms/" + std::to_string(channel)];
  }
  if (carrier()) log::warn("span {}: port {} is {}", spec_.name, channel, !alarm ? "in service again" : is_phone() ? "in alarm: out of service" : "without battery: out of service");
  tell(channel, alarm ? LineSignal::out_of_service : LineSignal::in_service);
}

void AnalogPlane::tell(int channel, LineSignal signal, std::string_view text) {
  if (handler_.on_line) handler_.on_line(channel, signal, text);
}

void AnalogPlane::on_event(int channel, ChannelEvent event) {
  if (!has(channel)) return;
  if (event.kind == EventKind::alarm || event.kind == EventKind::no_alarm) {
    if (const auto params = lines_->at(channel)->params()) take_alarms(channel, params->alarms);
    return;
  }
  const PortHeard heard = hear_event(line(channel).port, event);
  if (heard.follow) set_hook(channel, *heard.follow);
  if (heard.digit != 0 && audio_ && !audio_->pretend(channel, media::digits_signal({&heard.digit, 1}, 0))) ++counters_["pulse_digits_lost"];
  if (heard.signal == LineSignal::off_hook) {
    line(channel).number_waits = false;
    if (audio_) audio_->hush(channel);
  }
  if (heard.signal) tell(channel, *heard.signal);
}

void AnalogPlane::take_heard() {
  eventfd_t ignored = 0;
  ::eventfd_read(wake_fd_, &ignored);
  LineHeard heard;
  for (std::size_t n = 0; n < kLineHeardMax && audio_ && audio_->take(heard); ++n) {
    // What was heard just before the line changed is no longer true.
    const bool off_hook = line(heard.channel).port.off_hook;
    if (off_hook != (heard.signal == LineSignal::busy_tone)) ++counters_["heard_too_late"];
    else tell(heard.channel, heard.signal, heard.words());
  }
}

// ---- to the line ------------------------------------------------------------------------------------------------------------

Duration AnalogPlane::before_ring(int, std::string_view number) const {
  return config_.caller_id == media::CallerIdWay::dtmf ? media::caller_id_length(config_.caller_id, number) : Duration{};
}

void AnalogPlane::send_line(int channel, LineSignal signal, std::string_view text) {
  if (!has(channel)) return;
  Line& one = line(channel);
  const bool was_ringing = one.port.ringing;
  const auto hook = hook_for(one.port, signal);
  if (hook) set_hook(channel, *hook);
  switch (signal) {
    case LineSignal::caller_id:
      if (!is_phone() || config_.caller_id == media::CallerIdWay::none) break;
      one.number = text;
      one.number_waits = config_.caller_id == media::CallerIdWay::fsk;
      if (!one.number_waits) send_number(channel);
      break;
    case LineSignal::ring_off:
      if (one.number_waits && was_ringing && !one.port.off_hook) send_number(channel);
      break;
    case LineSignal::off_hook:
      if (!is_phone()) listen(channel);
      break;
    case LineSignal::on_hook:
      if (is_phone()) break;
      if (audio_) audio_->hush(channel);
      listen(channel);
      break;
    case LineSignal::dial:
      if (!is_phone()) say(channel, media::digits_signal(text, config_.start == Start::ground ? kDialAfterStartMs : kDialAfterMs));
      break;
    default: break;
  }
}

// An exchange line: to what, follows from its hook.
void AnalogPlane::listen(int channel) {
  if (!audio_) return;
  const bool number = config_.caller_id != media::CallerIdWay::none;
  audio_->listen(channel, line(channel).port.off_hook ? Ear::busy : number ? Ear::caller_id : Ear::off);
}

void AnalogPlane::send_number(int channel) {
  Line& one = line(channel);
  one.number_waits = false;
  (void)lines_->at(channel)->on_hook_transfer(kOnHookTransferMs);  // ENOTTY where the port is always open for it
  say(channel, media::caller_id_signal(config_.caller_id, one.number, wall_time()));
}

void AnalogPlane::say(int channel, const std::vector<Block>& blocks) {
  if (audio_ && !audio_->say(channel, blocks)) ++counters_["sounds_lost"];
}

void AnalogPlane::set_hook(int channel, Hook hook) {
  if (hook == Hook::on_hook) (void)lines_->at(channel)->buffer_events(false);  // the kernel drops what is written ahead: no underrun
  const auto done = lines_->at(channel)->hook(hook);
  if (done) return;
  if (done.error() == ENODEV) host_->lost();
  else ++counters_[done.error() == EBUSY ? "hook_busy" : "hook_refused"];
}

media::WallTime AnalogPlane::wall_time() const {
  const std::time_t seconds = to_us(loop_.timers.now()) / 1'000'000;
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return {};
  return {local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min};
}

}  // namespace sr::dahdi
