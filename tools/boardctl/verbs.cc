// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/verbs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "drivers/base/pcap.h"
#include "tools/boardctl/d_frame.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/status_view.h"

namespace sr::boardctl {
namespace {

bool colours() { return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

int ask(const std::string& socket_path, const board::Request& request) {
  Reactor reactor;
  Session session(reactor, [&](const board::Report& report) {
    if (std::holds_alternative<board::Done>(report)) session.finish(kOk);
  });
  return session.run(socket_path, request, false);
}

// Where the frames of a trace go.
class TraceSink {
 public:
  Result<int> open(const std::string& file) {
    if (file.empty()) return STDOUT_FILENO;
    pcap_ = true;
    fd_ = file == "-" ? STDOUT_FILENO : ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd_ < 0 || !write_all(fd_, pcap_header())) return fail("cannot write " + file + ": " + std::strerror(errno));
    return fd_;
  }
  ~TraceSink() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  bool put(const board::Frame& f) {
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(f.bytes.data()), f.bytes.size());
    if (!pcap_) return write_all(fd_, frame_line(f.span, f.sent, f.at, bytes) + "\n");
    if (const auto network = sender_is_network(bytes)) we_are_network_ = *network == f.sent;
    std::string record;
    pcap_frame(record, f.sent, we_are_network_, bytes, f.at);
    return write_all(fd_, record);
  }

 private:
  int fd_ = STDOUT_FILENO;
  bool pcap_ = false;
  bool we_are_network_ = false;
};

}  // namespace

int status(const std::string& socket_path, bool as_json) {
  Reactor reactor;
  Session session(reactor, [&](const board::Report& report) {
    const auto* snapshot = std::get_if<board::Snapshot>(&report);
    if (snapshot == nullptr) return;
    std::string text;
    if (as_json) {
      board::write(text, *snapshot);
      text += '\n';
    } else {
      text = status_page(*snapshot, colours());
    }
    session.finish(write_all(STDOUT_FILENO, text) ? kOk : kRefused);
  });
  return session.run(socket_path, board::StatusRequest{}, false);
}

int trace(const std::string& socket_path, const std::string& span, const std::string& pcap_file) {
  TraceSink sink;
  std::uint64_t frames = 0;
  Reactor reactor;
  Session session(reactor, [&](const board::Report& report) {
    if (std::holds_alternative<board::Done>(report)) {  // the span exists: only now the file is made
      if (const auto opened = sink.open(pcap_file); !opened) {
        session.complain(opened.error().text());
        session.finish(kRefused);
      }
    } else if (const auto* frame = std::get_if<board::Frame>(&report)) {
      ++frames;
      if (!sink.put(*frame)) session.finish(errno == EPIPE ? kOk : kRefused);
    }
  });
  const int exit_code = session.run(socket_path, board::TraceRequest{span, true}, true);
  if (!pcap_file.empty() && exit_code == kOk) std::fprintf(stderr, "boardctl: %llu frames\n", static_cast<unsigned long long>(frames));
  return exit_code;
}

int busyout(const std::string& socket_path, const std::string& span, int channel, bool on) {
  return ask(socket_path, board::Command(board::cmd::Busyout{span, channel, on}));
}

int restart(const std::string& socket_path, const std::string& span, int channel) {
  return ask(socket_path, board::Command(board::cmd::Restart{span, channel}));
}

}  // namespace sr::boardctl
