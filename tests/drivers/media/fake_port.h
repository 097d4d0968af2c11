// An AudioPort that a test fills, and one over a socket pair for the media thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <string>
#include <vector>

#include "drivers/media/media.h"

namespace sr::media {

inline SpanAudio audio_with(int channel, std::uint8_t byte) {
  SpanAudio a{};
  a.present = 1U << channel;
  a.blocks[static_cast<std::size_t>(channel)].fill(byte);
  return a;
}

class FakePort final : public AudioPort {
 public:
  bool receive(SpanAudio& in) override {
    if (waiting.empty()) return false;
    in = waiting.front();
    waiting.pop_front();
    return true;
  }
  void send(const SpanAudio& out) override { sent.push_back(out); }
  int fd() const override { return -1; }
  Junction junction(int channel) const override { return kind == 0 ? Junction{} : Junction{first_line + channel, kind}; }
  bool join(int channel, int line) override {
    if (refuses) return false;
    calls.push_back("join " + std::to_string(channel) + " " + std::to_string(line));
    return true;
  }
  void part(int channel, bool goes_on) override { calls.push_back("part " + std::to_string(channel) + (goes_on ? " goes_on" : "")); }
  void arrive(int channel, std::uint8_t byte) { waiting.push_back(audio_with(channel, byte)); }

  std::deque<SpanAudio> waiting;
  std::vector<SpanAudio> sent;
  int first_line = 0, kind = 0;  // kind 0: joins nothing
  bool refuses = false;
  std::vector<std::string> calls;
};

// Each packet is one byte, said on channel 1; what is sent on channel 1 comes out as one byte per block (0: not present).
class SocketPort final : public AudioPort {
 public:
  SocketPort() {
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_) != 0) ends_[0] = ends_[1] = -1;
  }
  ~SocketPort() override {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  bool receive(SpanAudio& in) override {
    std::uint8_t byte = 0;
    if (::recv(ends_[0], &byte, 1, 0) != 1) return false;
    in = audio_with(1, byte);
    return true;
  }
  void send(const SpanAudio& out) override {
    const std::uint8_t byte = out.has(1) ? out.blocks[1][0] : 0;
    (void)!::send(ends_[0], &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  int fd() const override { return ends_[0]; }
  int far() const { return ends_[1]; }

 private:
  int ends_[2];
};

}  // namespace sr::media
