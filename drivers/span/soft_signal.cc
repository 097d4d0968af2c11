// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/span/soft_signal.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "drivers/base/log.h"

namespace sr::soft {

SoftSignal::~SoftSignal() {
  reactor_.timers().cancel(cut_timer_);
  watch_.reset();
  if (fd_ >= 0) ::close(fd_);
}

void SoftSignal::start(Handler handler) {
  handler_ = std::move(handler);
  if (on_start_) on_start_();
}

void SoftSignal::adopt(int fd) {
  cut("replaced");
  fd_ = fd;
  ++connection_;
  count("connections");
  watch_ = reactor_.watch_gathered(fd_, [this] { read_some(); }, [this] { flush(); });
  log::info("span {}: far end plugged in", name_);
  tell_carrier(true);
}

void SoftSignal::cut(std::string_view why) {
  if (fd_ < 0) return;
  watch_.reset();
  ::close(fd_);
  fd_ = -1;
  queue_.clear();
  log::info("span {}: far end gone ({})", name_, why);
  tell_carrier(false);
  if (on_lost_) on_lost_();
}

void SoftSignal::tell_carrier(bool there) {
  if (alarm_) alarm_(SpanAlarm::red, !there);
  if (handler_.on_carrier) handler_.on_carrier(there);
}

void SoftSignal::send_frame(std::span<const std::uint8_t> frame) {
  if (!carrier() || frame.empty() || frame.size() > kFrameMax) return;
  ++traffic_.frames_out;
  send(encode(Frame{frame}));
}

void SoftSignal::send_line(int channel, LineSignal signal, std::string_view text) {
  if (!carrier()) return;
  ++traffic_.signals_out;
  send(encode(Line{channel, signal, text}));
}

// What a turn sends leaves at its end, by one call and with one wake-up of the far end.
void SoftSignal::send(std::vector<std::uint8_t> packet) {
  if (queue_.size() >= kSignalQueueMax) flush();
  if (queue_.size() >= kSignalQueueMax) {
    // Not from inside the caller, who may be in the middle of a call.
    if (cut_timer_ != TimerId::none) return count("packets_dropped");
    count("cut_slow_reader");
    cut_timer_ = reactor_.timers().after(0us, [this, which = connection_] {
      cut_timer_ = TimerId::none;
      if (which == connection_) cut("it does not read");
    });
    return;
  }
  if (queue_.empty())
    reactor_.at_turn_end([this, weak = std::weak_ptr(alive_)] {
      if (!weak.expired()) flush();
    });
  queue_.push_back(std::move(packet));
}

void SoftSignal::flush() {
  while (fd_ >= 0 && !queue_.empty()) {
    std::array<iovec, kPacketsPerSendMax> parts;
    std::array<mmsghdr, kPacketsPerSendMax> packets{};
    const std::size_t count = std::min(queue_.size(), packets.size());
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {queue_[i].data(), queue_[i].size()};
      packets[i].msg_hdr.msg_iov = &parts[i];
      packets[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(fd_, packets.data(), static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS)) return watch_->want_write(true);
    if (sent <= 0) queue_.clear();  // closed: reading finds it
    else queue_.erase(queue_.begin(), queue_.begin() + sent);
  }
  if (watch_) watch_->want_write(false);
}

// Several packets by one call; one that finds fewer than it could take need not ask again, for the watch tells of the next.
void SoftSignal::read_some() {
  const std::uint64_t which = connection_;
  std::array<std::array<std::uint8_t, kPacketMax + 1>, kPacketsPerReadMax> buffers;  // not initialised: on purpose
  std::array<iovec, kPacketsPerReadMax> parts;
  std::array<mmsghdr, kPacketsPerReadMax> packets{};
  for (std::size_t i = 0; i < packets.size(); ++i) {
    parts[i] = {buffers[i].data(), buffers[i].size()};
    packets[i].msg_hdr.msg_iov = &parts[i];
    packets[i].msg_hdr.msg_iovlen = 1;
  }
  for (int taken = 0; taken < kPacketsPerTurnMax; taken += static_cast<int>(packets.size())) {
    const int n = ::recvmmsg(fd_, packets.data(), packets.size(), MSG_DONTWAIT, nullptr);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (n <= 0) return cut("closed");
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      if (packets[i].msg_len == 0) return cut("closed");
      if (const auto packet = parse({buffers[i].data(), packets[i].msg_len})) take(*packet);
      else count("bad_packets");
      if (fd_ < 0 || which != connection_) return;  // a handler has cut it
    }
    if (static_cast<std::size_t>(n) < packets.size()) return;
  }
}

std::map<std::string, std::uint64_t> SoftSignal::counters() const {
  auto all = counters_;
  for (const auto& [name, n] : {std::pair{"frames_in", traffic_.frames_in}, {"frames_out", traffic_.frames_out},
                                {"signals_in", traffic_.signals_in}, {"signals_out", traffic_.signals_out}})
    if (n > 0) all[name] = n;
  return all;
}

void SoftSignal::take(const Packet& packet) {
  if (const auto* frame = std::get_if<Frame>(&packet)) {
    ++traffic_.frames_in;
    if (handler_.on_frame) handler_.on_frame(frame->octets);
  } else if (const auto* line = std::get_if<Line>(&packet)) {
    ++traffic_.signals_in;
    if (handler_.on_line) handler_.on_line(line->channel, line->signal, line->text);
  } else {
    count("bad_packets");
  }
}

}  // namespace sr::soft
