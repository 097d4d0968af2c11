// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/line_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(LineSocket) {
  Reactor reactor;
  std::array<int, 2> fd{};
  std::unique_ptr<LineSocket> socket;
  std::vector<std::string> lines;
  std::string closed;

  void setup() override { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd.data()); }
  void teardown() override {
    socket.reset();
    if (fd[1] >= 0) ::close(fd[1]);
  }
  void open(LineLimits limits = {}) {
    socket = std::make_unique<LineSocket>(reactor, fd[0], limits,
                                          LineSocket::Handler{[this](std::string_view line) { lines.emplace_back(line); },
                                                              [this](std::string_view why) { closed = why; }});
  }
  void peer_writes(std::string_view text) { CHECK_EQUAL(static_cast<ssize_t>(text.size()), ::write(fd[1], text.data(), text.size())); }
  std::string peer_reads() {
    std::string all;
    char text[4096];
    for (ssize_t n = 0; (n = ::read(fd[1], text, sizeof text)) > 0;) all.append(text, static_cast<std::size_t>(n));
    return all;
  }
  // Runs the loop until `done` holds (asked once per turn) or for 10 s.
  template <class F>
  bool until(F done) {
    if (done()) return true;
    bool ok = false;
    const TimerId guard = reactor.timers().after(10s, [this] { reactor.stop(); });
    std::function<void()> look = [&] {
      if (done()) { ok = true; reactor.stop(); }
      else reactor.timers().after(500us, look);
    };
    look();
    reactor.run();
    reactor.timers().cancel(guard);
    return ok;
  }
};

TEST(LineSocket, delivers_lines_however_the_stream_is_cut) {
  open();
  peer_writes("one\ntwo\nthr");
  CHECK(until([&] { return lines.size() == 2; }));
  peer_writes("e");
  peer_writes("e\n\nfive\n");
  CHECK(until([&] { return lines.size() == 5; }));
  STRCMP_EQUAL("one", lines[0].c_str());
  STRCMP_EQUAL("three", lines[2].c_str());
  STRCMP_EQUAL("", lines[3].c_str());
  STRCMP_EQUAL("five", lines[4].c_str());
}

TEST(LineSocket, all_lines_of_a_turn_leave_in_one_write_at_its_end) {
  ::close(fd[1]);
  socket.reset();
  ::close(fd[0]);
  ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd.data());  // keeps the bounds of writes
  open();
  std::string before = "?";
  reactor.post([&] {
    socket->send("a");
    socket->send("bc");
    before = peer_reads();
  });
  reactor.timers().after(2ms, [&] { reactor.stop(); });
  reactor.run();
  char text[64];
  const ssize_t n = ::read(fd[1], text, sizeof text);
  STRCMP_EQUAL("", before.c_str());
  STRCMP_EQUAL("a\nbc\n", std::string(text, n > 0 ? static_cast<std::size_t>(n) : 0).c_str());
}

TEST(LineSocket, a_line_of_the_limit_passes_and_a_longer_one_closes) {
  open({.line_max = 10});
  peer_writes("0123456789\n");
  CHECK(until([&] { return lines.size() == 1; }));
  peer_writes("0123456789a\nnext\n");
  CHECK(until([&] { return !closed.empty(); }));
  STRCMP_EQUAL("line_too_long", closed.c_str());
  CHECK_EQUAL(1u, lines.size());
}

TEST(LineSocket, a_line_that_never_ends_is_refused_before_it_fills_memory) {
  open({.line_max = 1000});
  peer_writes(std::string(1001, 'x'));
  CHECK(until([&] { return !closed.empty(); }));
  STRCMP_EQUAL("line_too_long", closed.c_str());
}

TEST(LineSocket, a_reader_that_stops_is_cut_off_at_the_backlog_limit) {
  open({.line_max = 1000, .backlog_max = 100'000});
  const std::string line(999, 'x');
  int sent = 0;
  CHECK(until([&] {
    for (int i = 0; i < 50 && closed.empty(); ++i, ++sent) socket->send(line);
    return !closed.empty();
  }));
  STRCMP_EQUAL("slow reader", closed.c_str());
  CHECK(sent >= 100);  // the limit itself and what the kernel takes
}

TEST(LineSocket, a_slow_reader_gets_every_byte_in_order) {
  open();
  std::string expected, got;
  for (int i = 0; i < 3000; ++i) {
    const std::string line = std::to_string(i) + std::string(300, 'y');
    socket->send(line);
    expected += line + "\n";
  }
  CHECK(until([&] {
    char text[5000];
    const ssize_t n = ::read(fd[1], text, sizeof text);
    if (n > 0) got.append(text, static_cast<std::size_t>(n));
    return got.size() >= expected.size();
  }));
  CHECK_TRUE(got == expected);
  CHECK_EQUAL(0u, socket->backlog());
}

TEST(LineSocket, the_peer_s_end_is_told_once_and_after_its_last_lines) {
  open();
  peer_writes("last\nhalf");
  ::close(fd[1]);
  fd[1] = -1;
  CHECK(until([&] { return !closed.empty(); }));
  CHECK_EQUAL(1u, lines.size());
  STRCMP_EQUAL("closed by peer", closed.c_str());
  closed.clear();
  socket->send("into the void");
  reactor.timers().after(2ms, [&] { reactor.stop(); });
  reactor.run();
  STRCMP_EQUAL("", closed.c_str());
}

TEST(LineSocket, a_peer_that_only_finished_writing_still_gets_its_answers) {
  socket = std::make_unique<LineSocket>(reactor, fd[0], LineLimits{},
                                        LineSocket::Handler{[this](std::string_view line) { socket->send("re " + std::string(line)); },
                                                            [this](std::string_view why) { closed = why; }});
  peer_writes("q\n");
  ::shutdown(fd[1], SHUT_WR);
  CHECK(until([&] { return !closed.empty(); }));
  STRCMP_EQUAL("re q\n", peer_reads().c_str());
}

TEST(LineSocket, may_be_destroyed_while_it_delivers_a_line) {
  socket = std::make_unique<LineSocket>(reactor, fd[0], LineLimits{},
                                        LineSocket::Handler{[this](std::string_view line) {
                                                              lines.emplace_back(line);
                                                              socket.reset();
                                                            },
                                                            [this](std::string_view why) { closed = why; }});
  peer_writes("a\nb\nc\n");
  CHECK(until([&] { return !lines.empty(); }));
  CHECK_EQUAL(1u, lines.size());
  STRCMP_EQUAL("", closed.c_str());
}

TEST(LineSocket, close_after_flush_sends_what_waits_and_then_closes) {
  open();
  reactor.post([&] {
    socket->send("goodbye");
    socket->close_after_flush();
    socket->send("not this");
  });
  CHECK(until([&] { return !closed.empty(); }));
  STRCMP_EQUAL("closed", closed.c_str());
  STRCMP_EQUAL("goodbye\n", peer_reads().c_str());
}

TEST_GROUP(UnixListener) {
  Reactor reactor;
  std::string folder, path;
  void setup() override {
    char name[] = "/tmp/sr_listener_XXXXXX";
    folder = ::mkdtemp(name);
    path = folder + "/s.sock";
  }
  void teardown() override { std::filesystem::remove_all(folder); }
  Result<std::unique_ptr<UnixListener>> open() {
    return UnixListener::open(reactor, path, SOCK_STREAM, 0600, [](int fd) { ::close(fd); });
  }
  void leave_stale_socket() {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    path.copy(a.sun_path, sizeof a.sun_path - 1);
    CHECK_EQUAL(0, ::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a));
    ::close(fd);
  }
};

TEST(UnixListener, accepts_and_gives_a_connected_descriptor) {
  int accepted = -1;
  auto listener = UnixListener::open(reactor, path, SOCK_STREAM, 0600, [&](int fd) {
    accepted = fd;
    reactor.stop();
  });
  CHECK(listener.has_value());
  const auto fd = connect_unix(path, SOCK_STREAM);
  CHECK(fd.has_value());
  reactor.run();
  CHECK_EQUAL(2, ::write(*fd, "hi", 2));
  char text[8];
  CHECK_EQUAL(2, ::read(accepted, text, sizeof text));
  ::close(*fd);
  ::close(accepted);
}

TEST(UnixListener, its_file_has_the_mode_asked_for_and_goes_with_it) {
  auto listener = open();
  struct stat st{};
  CHECK_EQUAL(0, ::stat(path.c_str(), &st));
  CHECK_EQUAL(0600u, st.st_mode & 0777);
  listener->reset();
  CHECK_EQUAL(-1, ::stat(path.c_str(), &st));
}

TEST(UnixListener, a_path_with_a_live_listener_is_refused_and_left_alone) {
  auto first = open();
  auto second = open();
  CHECK_FALSE(second.has_value());
  STRCMP_EQUAL(("another process is already listening on " + path).c_str(), second.error().what.c_str());
  const auto still = connect_unix(path, SOCK_STREAM);
  CHECK_TRUE(still.has_value());
  ::close(*still);
  auto packets = UnixListener::open(reactor, path, SOCK_SEQPACKET, 0600, [](int fd) { ::close(fd); });
  CHECK_FALSE(packets.has_value());
}

TEST(UnixListener, a_stale_file_is_replaced) {
  leave_stale_socket();
  CHECK_TRUE(open().has_value());
}

TEST(UnixListener, a_file_that_is_no_socket_is_refused_and_kept) {
  std::ofstream(path) << "precious";
  const auto listener = open();
  CHECK_FALSE(listener.has_value());
  STRCMP_EQUAL((path + " exists and is not a socket").c_str(), listener.error().what.c_str());
  CHECK_TRUE(std::filesystem::file_size(path) == 8);
}

TEST(UnixListener, does_not_remove_its_successor_s_file) {
  auto first = open();
  ::unlink(path.c_str());
  auto second = open();
  CHECK_TRUE(second.has_value());
  first->reset();
  CHECK_TRUE(std::filesystem::exists(path));
}

TEST(UnixListener, errors_name_the_path_and_the_way_out) {
  path = folder + "/none/s.sock";
  CHECK_FALSE(open().has_value());
  STRCMP_EQUAL("make the folder", open().error().fix.c_str());
  path = std::string(200, 'x');
  CHECK_FALSE(open().has_value());
  path = folder + "/nobody.sock";
  STRCMP_EQUAL(("nobody listens on " + path).c_str(), connect_unix(path, SOCK_STREAM).error().what.c_str());
}
