// Soft spans over real sockets: both ends on one Reactor, strangers, a far end that dies or does not read, the example of the
// document. Each test stops at its condition, or fails after kPatience.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>

#include "drivers/base/line_socket.h"
#include "drivers/span/soft_driver.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::soft;

namespace {
constexpr Duration kPatience = 20s;
using Bytes = std::vector<std::uint8_t>;
}  // namespace

TEST_GROUP(SoftSpan) {
  Reactor reactor;
  std::string path = "/tmp/sr-soft-" + std::to_string(::getpid()) + ".sock";
  std::unique_ptr<SoftSpanBank> center, far;
  std::vector<std::string> heard_center, heard_far;
  std::vector<int> fds;

  void teardown() override {
    far.reset();
    center.reset();
    for (const int fd : fds) ::close(fd);
  }
  static SignallingPort::Handler recorder(std::vector<std::string>& heard) {
    return {.on_frame = [&heard](auto f) { heard.push_back("frame " + std::to_string(f.size())); },
            .on_line = [&heard](int c, LineSignal s, std::string_view t) { heard.push_back("line " + std::to_string(c) + " " + std::to_string(static_cast<int>(s)) + " " + std::string(t)); },
            .on_carrier = [&heard](bool up) { heard.push_back(up ? "up" : "down"); }};
  }
  void listen() {
    auto bank = listen_soft_spans(reactor, path, {{"e1-1", SpanKind::e1}, {"phones", SpanKind::fxs}});
    CHECK(bank.has_value());
    center = std::move(*bank);
    for (auto* span : center->spans()) span->signalling().start(recorder(heard_center));
  }
  void plug_in() {
    far = connect_soft_spans(reactor, path, {{"e1-1", SpanKind::e1}, {"phones", SpanKind::fxo}});
    for (auto* span : far->spans()) span->signalling().start(recorder(heard_far));
  }
  bool until(const std::function<bool()>& done) {
    bool ok = false;
    const Instant end = reactor.timers().now() + kPatience;
    std::function<void()> look = [&] {
      ok = done();
      if (ok || reactor.timers().now() > end) reactor.stop();
      else reactor.timers().after(1ms, look);
    };
    reactor.timers().after(0us, look);
    reactor.run();
    return ok;
  }
  // A block with `value` on `channel` goes from one port to the other; sent again until it arrives, as each tick does.
  bool audio_passes(AudioPort& from, AudioPort& to, int channel, std::uint8_t value) {
    SpanAudio out, in;
    out.present = 1U << channel;
    out.blocks[static_cast<std::size_t>(channel)].fill(value);
    return until([&] {
      from.receive(in);
      from.send(out);
      return to.receive(in) && in.present == out.present && in.blocks[static_cast<std::size_t>(channel)][159] == value;
    });
  }
  int stranger(const Bytes& first) {
    const auto fd = connect_unix(path, SOCK_SEQPACKET);
    CHECK(fd.has_value());
    fds.push_back(*fd);
    if (!first.empty()) LONGS_EQUAL(static_cast<long>(first.size()), ::send(*fd, first.data(), first.size(), 0));
    return *fd;
  }
  Bytes answer_to(int fd) {
    Bytes packet(6000);
    ssize_t n = -1;
    until([&] { n = ::recv(fd, packet.data(), packet.size(), MSG_DONTWAIT); return n >= 0; });
    packet.resize(n > 0 ? static_cast<std::size_t>(n) : 0U);
    return packet;
  }
  void refused(ErrorCode code, const Bytes& hello) {
    const Bytes packet = answer_to(stranger(hello));
    CHECK(packet.size() > 2);
    LONGS_EQUAL(2, packet[0]);
    LONGS_EQUAL(static_cast<int>(code), packet[1]);
  }
};

TEST(SoftSpan, signals_frames_and_audio_pass_both_ways) {
  listen();
  plug_in();
  CHECK(until([&] { return far->spans()[0]->signalling().carrier() && far->spans()[1]->signalling().carrier() && center->spans()[1]->signalling().carrier(); }));
  heard_center.clear();
  heard_far.clear();
  far->spans()[0]->signalling().send_frame(Bytes(7));
  center->spans()[1]->signalling().send_line(3, LineSignal::caller_id, "13800001111");
  center->spans()[1]->signalling().send_line(3, LineSignal::ring_on);
  CHECK(until([&] { return heard_center.size() == 1 && heard_far.size() == 2; }));
  STRCMP_EQUAL("frame 7", heard_center[0].c_str());
  STRCMP_EQUAL("line 3 7 13800001111", heard_far[0].c_str());
  STRCMP_EQUAL("line 3 4 ", heard_far[1].c_str());
  CHECK(audio_passes(far->spans()[0]->audio(), center->spans()[0]->audio(), 31, 0x2A));
  CHECK(audio_passes(center->spans()[0]->audio(), far->spans()[0]->audio(), 1, 0x55));
  CHECK(center->spans()[0]->audio().fd() >= 0);
}

TEST(SoftSpan, the_far_end_may_start_first) {
  plug_in();
  until([&, n = 0]() mutable { return ++n > 3; });
  listen();
  CHECK(until([&] { return far->spans()[0]->signalling().carrier(); }));
}

TEST(SoftSpan, a_far_end_that_comes_back_finds_its_place) {
  listen();
  plug_in();
  CHECK(until([&] { return center->spans()[0]->signalling().carrier(); }));
  CHECK(audio_passes(far->spans()[0]->audio(), center->spans()[0]->audio(), 2, 9));
  far.reset();
  CHECK(until([&] { return !center->spans()[0]->signalling().carrier(); }));
  SpanAudio in;
  CHECK(until([&] { center->spans()[0]->audio().receive(in); return center->spans()[0]->audio().fd() < 0; }));
  plug_in();
  CHECK(until([&] { return center->spans()[0]->signalling().carrier(); }));
  CHECK(audio_passes(far->spans()[0]->audio(), center->spans()[0]->audio(), 2, 10));
  CHECK(audio_passes(center->spans()[0]->audio(), far->spans()[0]->audio(), 2, 11));
}

TEST(SoftSpan, the_center_may_die_and_come_back) {
  listen();
  plug_in();
  CHECK(until([&] { return far->spans()[0]->signalling().carrier(); }));
  CHECK(audio_passes(center->spans()[0]->audio(), far->spans()[0]->audio(), 2, 10));
  center.reset();
  CHECK(until([&] { return !far->spans()[0]->signalling().carrier(); }));
  listen();
  CHECK(until([&] { return far->spans()[0]->signalling().carrier(); }));
  CHECK(audio_passes(center->spans()[0]->audio(), far->spans()[0]->audio(), 2, 12));
}

TEST(SoftSpan, strangers_are_told_why_and_cut) {
  listen();
  refused(ErrorCode::not_hello, {9, 9, 9});
  refused(ErrorCode::not_hello, {3, 1, 2});
  refused(ErrorCode::version, {1, 2, 0, 0, 0, 0, 0, 0, 4, 'e', '1', '-', '1'});
  refused(ErrorCode::unknown_span, encode(Hello{Plane::signalling, SpanKind::e1, 0, "e1-9"}));
  refused(ErrorCode::wrong_kind, encode(Hello{Plane::signalling, SpanKind::fxs, 0, "phones"}));
  refused(ErrorCode::wrong_session, encode(Hello{Plane::audio, SpanKind::e1, 1, "e1-1"}));
  const int first = stranger(encode(Hello{Plane::signalling, SpanKind::e1, 0, "e1-1"}));
  LONGS_EQUAL(1, answer_to(first).at(0));
  refused(ErrorCode::in_use, encode(Hello{Plane::signalling, SpanKind::e1, 0, "e1-1"}));
}

TEST(SoftSpan, malformed_packets_are_counted_and_dropped) {
  listen();
  const int fd = stranger(encode(Hello{Plane::signalling, SpanKind::fxo, 0, "phones"}));
  answer_to(fd);
  for (const Bytes& bad : {Bytes{77}, Bytes{4, 99, 1}, Bytes(5000, 1)}) ::send(fd, bad.data(), bad.size(), 0);
  const Bytes good = encode(Line{1, LineSignal::off_hook, ""});
  ::send(fd, good.data(), good.size(), 0);
  CHECK(until([&] { return !heard_center.empty() && heard_center.back() == "line 1 1 "; }));
  LONGS_EQUAL(3, center->counters("phones")["bad_packets"]);
}

TEST(SoftSpan, a_far_end_that_does_not_read_is_cut_off) {
  listen();
  const int fd = stranger(encode(Hello{Plane::signalling, SpanKind::e1, 0, "e1-1"}));
  answer_to(fd);
  SignallingPort& wire = center->spans()[0]->signalling();
  int sent = 0;
  CHECK(until([&] {
    for (int i = 0; i < 200 && wire.carrier(); ++i, ++sent) wire.send_frame(Bytes(900));
    return !wire.carrier();
  }));
  CHECK(sent >= static_cast<int>(kSignalQueueMax));
  LONGS_EQUAL(1, center->counters("e1-1")["cut_slow_reader"]);
}

TEST(SoftSpan, audio_that_the_far_end_does_not_read_is_counted_not_waited_for) {
  listen();
  plug_in();
  CHECK(until([&] { return center->spans()[0]->signalling().carrier(); }));
  AudioPort& port = center->spans()[0]->audio();
  CHECK(audio_passes(port, far->spans()[0]->audio(), 2, 10));
  SpanAudio full;
  full.present = ~1U;
  for (int i = 0; i < 200; ++i) port.send(full);
  const auto counters = center->counters("e1-1");
  CHECK(counters.at("audio_overruns") > 100);
  CHECK(center->spans()[0]->signalling().carrier());
}

TEST(SoftSpan, a_name_must_be_given_once) {
  CHECK_FALSE(listen_soft_spans(reactor, path, {{"a", SpanKind::e1}, {"a", SpanKind::e1}}).has_value());
  CHECK_FALSE(listen_soft_spans(reactor, path, {{"", SpanKind::e1}}).has_value());
}

// The media thread sends and receives all the while; make tsan looks at the hand-over.
TEST(SoftSpan, connections_change_under_a_media_thread) {
  listen();
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> blocks{0};
  std::thread media([&] {
    SpanAudio out, in;
    out.present = 2;
    out.blocks[1].fill(1);
    AudioPort& port = center->spans()[0]->audio();
    while (!stop) {
      while (port.receive(in)) ++blocks;
      port.send(out);
      std::this_thread::yield();
    }
  });
  for (int turn = 0; turn < 5; ++turn) {
    plug_in();
    const auto start = blocks.load();
    SpanAudio out, in;
    out.present = 4;
    out.blocks[2].fill(2);
    AudioPort& port = far->spans()[0]->audio();
    bool back = false;
    CHECK(until([&] { back = port.receive(in) || back; port.send(out); return back && blocks.load() > start; }));
    far.reset();
    CHECK(until([&] { return !center->spans()[0]->signalling().carrier(); }));
  }
  stop = true;
  media.join();
}

// The Python of docs/protocol-softspan.md takes its phone off the hook, is heard, and hears our signal and our audio.
TEST(SoftSpan, the_example_of_the_document_works) {
  listen();
  std::ifstream document("docs/protocol-softspan.md");
  std::string line, program;
  bool inside = false;
  while (std::getline(document, line)) {
    if (line == "```") inside = false;
    if (inside) program += line + "\n";
    if (line == "```python") inside = true;
  }
  CHECK(!program.empty());
  const std::string file = path + ".py";
  std::ofstream(file) << program;
  const pid_t child = ::fork();
  if (child == 0) {
    ::execlp("python3", "python3", file.c_str(), path.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  SpanDriver& phones = *center->spans()[1];
  CHECK(until([&] { return !heard_center.empty() && heard_center.back() == "line 1 1 "; }));
  phones.signalling().send_line(2, LineSignal::ring_on);
  SpanAudio out, in;
  out.present = 2;
  out.blocks[1].fill(kAlawSilence);
  int status = 0, blocks = 0;
  CHECK(until([&] {
    blocks += phones.audio().receive(in) ? 1 : 0;
    phones.audio().send(out);
    return ::waitpid(child, &status, WNOHANG) == child;
  }));
  ::unlink(file.c_str());
  LONGS_EQUAL(0, status);
  CHECK(blocks > 0);
  CHECK(in.has(1) && in.blocks[1][0] == 0x5A);
}
