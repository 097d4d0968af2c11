// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "drivers/dahdi/device.h"

namespace sr::dahdi {

ChannelEvent channel_event(int code) {
  for (const EventKind kind : {EventKind::pulse_digit, EventKind::dtmf_down, EventKind::dtmf_up})
    if (code & static_cast<int>(kind)) return {kind, static_cast<char>(code & 0xFF)};
  return {static_cast<EventKind>(code), 0};
}

namespace {

constexpr int kFlushAudio = 3, kFlushAll = 7;

template <std::size_t N>
std::string text_of(const char (&field)[N]) { return {field, ::strnlen(field, N)}; }

ChannelParams params_of(const abi::Params& p) {
  ChannelParams out;
  out.channel = p.channel;
  out.span = p.span;
  out.position = p.position;
  out.signalling = p.signalling;
  out.rx_off_hook = p.rx_off_hook != 0;
  out.law = static_cast<Law>(p.law);
  out.name = text_of(p.name);
  out.flash_ms = p.flash_ms;
  out.pre_flash_ms = p.pre_flash_ms;
  out.start_ms = p.start_ms;
  out.rx_wink_ms = p.rx_wink_ms;
  out.rx_flash_ms = p.rx_flash_ms;
  out.debounce_ms = p.debounce_ms;
  out.alarms = static_cast<int>(p.alarms);
  return out;
}

SpanStatus status_of(const abi::SpanInfo& s) {
  SpanStatus out;
  out.span = s.span;
  out.name = text_of(s.name);
  out.description = text_of(s.description);
  out.location = text_of(s.location);
  out.device = text_of(s.device_type);
  out.type = text_of(s.type);
  out.alarms = s.alarms;
  out.line_config = s.line_config;
  out.configured_channels = s.configured_channels;
  out.total_channels = s.total_channels;
  out.total_spans = s.total_spans;
  out.sync_source = s.sync_source;
  out.bpv = s.bpv;
  out.crc4 = s.crc4;
  out.ebit = s.ebit;
  out.fas = s.fas;
  out.irq_misses = s.irq_misses;
  return out;
}

// An open file under /dev/dahdi, closed with the object.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() { if (fd_ >= 0) ::close(fd_); }
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&&) = delete;

  static Io<File> open(const std::string& path) {
    File file(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (file.fd_ < 0) return std::unexpected(errno);
    return file;
  }
  int fd() const { return fd_; }

  template <class T>
  Io<void> request(unsigned long what, T* argument) const {
    if (::ioctl(fd_, what, argument) < 0) return std::unexpected(errno);
    return {};
  }
  Io<void> request(unsigned long what, int value) const { return request(what, &value); }

 private:
  int fd_;
};

class KernelChannel final : public Channel {
 public:
  explicit KernelChannel(File file) : file_(std::move(file)) {}
  int fd() const override { return file_.fd(); }

  Io<ChannelParams> params() override {
    abi::Params p{};
    if (auto ok = file_.request(abi::kGetParams, &p); !ok) return std::unexpected(ok.error());
    return params_of(p);
  }
  Io<void> set_times(const ChannelParams& times) override {
    abi::Params p{};
    if (auto ok = file_.request(abi::kGetParams, &p); !ok) return ok;
    p.flash_ms = times.flash_ms;
    p.pre_flash_ms = times.pre_flash_ms;
    p.start_ms = times.start_ms;
    p.rx_wink_ms = times.rx_wink_ms;
    p.rx_flash_ms = times.rx_flash_ms;
    p.debounce_ms = times.debounce_ms;
    return file_.request(abi::kSetParams, &p);
  }
  Io<void> set_buffers(Buffers buffers) override {
    abi::BufferInfo b{.tx_policy = abi::kPolicyImmediate, .rx_policy = abi::kPolicyImmediate, .buffers = buffers.count, .size = buffers.size,
                      .read_full = 0, .write_full = 0};
    return file_.request(abi::kSetBufInfo, &b);
  }
  Io<void> set_law(Law law) override { return file_.request(abi::kSetLaw, static_cast<int>(law)); }
  Io<void> audio_mode(bool on) override { return file_.request(abi::kAudioMode, on ? 1 : 0); }
  Io<void> buffer_events(bool on) override { return file_.request(abi::kBufferEvents, on ? 1 : 0); }
  Io<void> flush() override { return file_.request(abi::kFlush, kFlushAll); }
  Io<void> flush_audio() override { return file_.request(abi::kFlush, kFlushAudio); }
  Io<void> set_gains(const LawTable& rx, const LawTable& tx) override {
    abi::Gains g{};
    std::copy(rx.begin(), rx.end(), g.rx);
    std::copy(tx.begin(), tx.end(), g.tx);
    return file_.request(abi::kSetGains, &g);
  }
  Io<void> set_hw_gain(bool tx, int tenth_db) override {
    abi::HwGain g{.tenth_db = tenth_db, .tx = tx ? 1U : 0U};
    return file_.request(abi::kSetHwGain, &g);
  }
  Io<void> echo_cancel(int taps) override { return file_.request(abi::kEchoCancel, taps); }
  Io<void> echo_cancel_fax() override { return file_.request(abi::kEchoFaxMode, 1); }
  Io<void> monitor_digital(int channel) override {
    abi::Conference c{.channel = 0, .conference = channel, .mode = channel == 0 ? abi::kConfNormal : abi::kConfDigitalMonitor};
    return file_.request(abi::kSetConf, &c);
  }
  Io<void> loopback(bool on) override { return file_.request(abi::kLoopback, on ? 1 : 0); }

  Io<void> hook(Hook hook) override {
    auto done = file_.request(abi::kHook, static_cast<int>(hook));
    return !done && done.error() == EINPROGRESS ? Io<void>{} : done;
  }
  Io<void> set_ring_cadence(std::span<const int> on_off_ms) override {
    abi::RingCadence c{};
    std::copy_n(on_off_ms.begin(), std::min(on_off_ms.size(), std::size(c.ms)), c.ms);
    return file_.request(abi::kSetCadence, &c);
  }
  Io<void> set_tone_zone(int zone) override { return file_.request(abi::kSetToneZone, zone); }
  Io<void> on_hook_transfer(int ms) override { return file_.request(abi::kOnHookTransfer, ms); }
  Io<void> set_polarity(bool reversed) override { return file_.request(abi::kSetPolarity, reversed ? 1 : 0); }
  Io<int> rx_bits() override {
    int bits = 0;
    if (auto ok = file_.request(abi::kGetRxBits, &bits); !ok) return std::unexpected(ok.error());
    return bits & 0x0F;  // above them the kernel leaves bits of the neighbouring channel
  }
  Io<void> set_tx_bits(int bits) override { return file_.request(abi::kSetTxBits, bits); }

  Io<ChannelEvent> event() override {
    int code = 0;
    if (auto ok = file_.request(abi::kGetEvent, &code); !ok) return std::unexpected(ok.error());
    return channel_event(code);
  }
  Io<std::size_t> read(std::span<std::uint8_t> into) override { return moved(::read(file_.fd(), into.data(), into.size())); }
  Io<std::size_t> write(std::span<const std::uint8_t> from) override { return moved(::write(file_.fd(), from.data(), from.size())); }

 private:
  static Io<std::size_t> moved(ssize_t n) {
    if (n < 0) return std::unexpected(errno);
    return static_cast<std::size_t>(n);
  }
  const File file_;
};

class KernelDevice final : public Device {
 public:
  explicit KernelDevice(std::string dir) : dir_(std::move(dir)) {}

  Io<std::unique_ptr<Channel>> open(int channel) override {
    auto file = File::open(dir_ + "/channel");
    if (!file) return std::unexpected(file.error());
    if (auto ok = file->request(abi::kSpecify, channel); !ok) return std::unexpected(ok.error());
    return std::make_unique<KernelChannel>(std::move(*file));
  }
  Io<std::unique_ptr<Channel>> open_pseudo() override {
    auto file = File::open(dir_ + "/pseudo");
    if (!file) return std::unexpected(file.error());
    return std::make_unique<KernelChannel>(std::move(*file));
  }
  Io<ChannelParams> params(int channel) override {
    abi::Params p{};
    p.channel = channel;
    if (auto ok = control(abi::kGetParams, &p); !ok) return std::unexpected(ok.error());
    return params_of(p);
  }
  Io<SpanStatus> span(int number) override {
    abi::SpanInfo s{};
    s.span = number;
    if (auto ok = control(abi::kSpanStat, &s); !ok) return std::unexpected(ok.error());
    return status_of(s);
  }
  Io<void> maintenance(int span, int command) override {
    abi::Maintenance m{.span = span, .command = command};
    return control(abi::kMaint, &m);
  }

 private:
  // Opened for each request: the module can be unloaded and loaded again while we live.
  template <class T>
  Io<void> control(unsigned long what, T* argument) {
    const auto file = File::open(dir_ + "/ctl");
    if (!file) return std::unexpected(file.error());
    return file->request(what, argument);
  }
  const std::string dir_;
};

}  // namespace

std::unique_ptr<Device> make_kernel_device(std::string dir) { return std::make_unique<KernelDevice>(std::move(dir)); }

}  // namespace sr::dahdi
