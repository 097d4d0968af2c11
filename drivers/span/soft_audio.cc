// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/span/soft_audio.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

namespace sr::soft {

SoftAudio::~SoftAudio() {
  cut();
  drop();
}

void SoftAudio::hand_over(int fd) {
  cut();
  const int size = kAudioSendBuffer;
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  copy_ = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  lost_.store(false, std::memory_order_release);
  if (const int unused = pending_.exchange(fd, std::memory_order_acq_rel); unused >= 0) ::close(unused);
}

// A connection that the media thread already has is only shut down here: it reads the end and closes.
void SoftAudio::cut() {
  if (const int unused = pending_.exchange(-1, std::memory_order_acq_rel); unused >= 0) ::close(unused);
  if (copy_ < 0) return;
  ::shutdown(copy_, SHUT_RDWR);
  ::close(copy_);
  copy_ = -1;
}

void SoftAudio::adopt() {
  if (pending_.load(std::memory_order_relaxed) < 0) return;
  const int fd = pending_.exchange(-1, std::memory_order_acq_rel);
  if (fd < 0) return;
  if (current_ >= 0) ::close(current_);
  current_ = fd;
  ticked_in_ = false;
}

void SoftAudio::drop() {
  if (current_ < 0) return;
  ::close(current_);
  current_ = -1;
  if (pending_.load(std::memory_order_acquire) < 0) lost_.store(true, std::memory_order_release);
}

bool SoftAudio::receive(SpanAudio& in) {
  adopt();
  for (int i = 0; current_ >= 0 && i < kBadAudioPerCallMax; ++i) {
    const ssize_t n = ::recv(current_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (n <= 0) {
      if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) drop();
      return false;
    }
    const auto packet = parse({buffer_.data(), static_cast<std::size_t>(n)});
    if (const Audio* audio = packet ? std::get_if<Audio>(&*packet) : nullptr) {
      take(*audio, in);
      return true;
    }
    counters_.bad.fetch_add(1, std::memory_order_relaxed);
  }
  return false;
}

void SoftAudio::take(const Audio& packet, SpanAudio& in) {
  if (ticked_in_ && packet.tick != tick_in_ + 1) counters_.gaps.fetch_add(1, std::memory_order_relaxed);
  tick_in_ = packet.tick;
  ticked_in_ = true;
  in.present = packet.present;
  const std::uint8_t* from = packet.blocks.data();
  for (std::uint32_t left = packet.present; left != 0; left &= left - 1, from += kBlockSamples)
    std::memcpy(in.blocks[static_cast<std::size_t>(std::countr_zero(left))].data(), from, kBlockSamples);
  counters_.in.fetch_add(1, std::memory_order_relaxed);
}

// Runs of neighbouring channels leave from where they lie: no copy before the kernel's.
void SoftAudio::send(const SpanAudio& out) {
  adopt();
  if (current_ < 0) return;
  const std::uint32_t present = out.present & ~1U;
  auto header = audio_header(tick_out_++, present);
  std::array<iovec, 1 + (kSpanChannelsMax + 1) / 2> parts;
  parts[0] = {header.data(), header.size()};
  std::size_t count = 1;
  for (std::uint32_t left = present; left != 0;) {
    const int first = std::countr_zero(left);
    const int length = std::countr_one(left >> first);
    parts[count++] = {const_cast<std::uint8_t*>(out.blocks[static_cast<std::size_t>(first)].data()), static_cast<std::size_t>(length) * kBlockSamples};
    left &= ~((length >= 32 ? ~0U : (1U << length) - 1U) << first);
  }
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  if (::sendmsg(current_, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) counters_.out.fetch_add(1, std::memory_order_relaxed);
  else counters_.overruns.fetch_add(1, std::memory_order_relaxed);  // a closed connection is found by receive()
}

}  // namespace sr::soft
