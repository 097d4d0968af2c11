// Both MediaPorts: the inline one in virtual time; the threaded one over socket pairs, without any assertion about time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/media_port.h"

#include <poll.h>

#include <cstdlib>
#include <filesystem>

#include "drivers/media/g711.h"
#include "drivers/media/media_engine.h"
#include "drivers/media/media_plant.h"
#include "drivers/media/media_thread.h"
#include "tests/drivers/media/engine_rig.h"
#include "tests/drivers/media/fake_port.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;
namespace fs = std::filesystem;

TEST_GROUP(InlineMedia) {
  VirtualTimers timers;
  FakePort span;
  std::unique_ptr<MediaPort> media;
  std::vector<Event> events;
  std::vector<RecordDone> done;

  void setup() override {
    media = make_inline_media(timers, {});
    LONGS_EQUAL(0, media->add_span(span));
    media->start({[this](const Event& e) { events.push_back(e); }, [this](const RecordDone& d) { done.push_back(d); }, [](bool) {}});
  }
  void teardown() override { media.reset(); }
};

TEST(InlineMedia, ticks_every_20_ms_of_its_timers) {
  timers.run_for(1s);
  LONGS_EQUAL(50, media->counters().ticks);
  LONGS_EQUAL(50, span.sent.size());
  media->stop();
  timers.run_for(1s);
  LONGS_EQUAL(50, media->counters().ticks);
  LONGS_EQUAL(0, timers.pending());
}

TEST(InlineMedia, plays_a_tone_of_its_zone) {
  const Slot slot = media->slot(0, 3);
  CHECK_TRUE(media->send(cmd::Open{slot}));
  CHECK_TRUE(media->send(cmd::PlayTone{slot, *media->tone("dial")}));
  timers.run_for(100ms);
  CHECK_TRUE(span.sent.back().has(3));
}

TEST(InlineMedia, records_without_a_disk_and_tells_the_length) {
  const Slot slot = media->slot(0, 1);
  const auto record = media->open_record("a/b.wav");
  CHECK_TRUE(record.has_value());
  media->send(cmd::Open{slot});
  media->send(cmd::Record{slot, *record, false});
  timers.run_for(2s);
  media->send(cmd::StopRecord{slot});
  timers.run_for(200ms);
  LONGS_EQUAL(1, done.size());
  LONGS_EQUAL(2000, done[0].duration_ms);
  STRCMP_EQUAL("a/b.wav", done[0].file.c_str());
}

TEST(InlineMedia, stop_finishes_the_recordings) {
  const Slot slot = media->slot(0, 1);
  const auto record = media->open_record("x.wav");
  media->send(cmd::Open{slot});
  media->send(cmd::Record{slot, *record, false});
  timers.run_for(1s);
  media->stop();
  LONGS_EQUAL(1000, done.at(0).duration_ms);
}

TEST(InlineMedia, a_full_ring_refuses_counts_and_closes_the_file) {
  const Slot slot = media->slot(0, 1);
  const auto record = media->open_record("x.wav");
  for (std::size_t n = 0; n < kCommandsMax; ++n) CHECK_TRUE(media->send(cmd::Open{slot}));
  CHECK_FALSE(media->send(cmd::Record{slot, *record, false}));
  LONGS_EQUAL(1, media->counters().commands_lost);
  timers.run_for(200ms);
  CHECK_TRUE(done.at(0).end == RecordDone::End::failed);
  CHECK_TRUE(media->send(cmd::Open{slot}));
}

TEST(InlineMedia, slots_beyond_the_spans_are_none) {
  CHECK_TRUE(media->slot(0, 31) != Slot::none);
  CHECK_TRUE(media->slot(1, 1) == Slot::none);
  CHECK_TRUE(media->slot(0, 32) == Slot::none);
  CHECK_TRUE(media->slot(-1, 1) == Slot::none);
}

TEST(InlineMedia, a_configuration_is_checked_before_anything_starts) {
  CHECK_TRUE(check_media({}).has_value());
  const auto refused = [](const MediaConfig& config) {
    const auto ok = check_media(config);
    CHECK_FALSE(ok.has_value());
    CHECK_FALSE(ok.error().fix.empty());
  };
  MediaConfig bad;
  bad.tone_zone = "atlantis";
  refused(bad);
  bad = {};
  bad.prompt_dir = "/nowhere/at/all";
  refused(bad);
  bad = {};
  bad.music_file = "/nowhere.wav";
  refused(bad);
  bad = {};
  bad.disk_low_percent = 100;
  refused(bad);
}

namespace {

// Waits for one block at the far end of a SocketPort; the limit is only there so that a broken build ends.
int far_receive(const SocketPort& port) {
  pollfd p{port.far(), POLLIN, 0};
  if (::poll(&p, 1, 20'000) != 1) return -1;
  std::uint8_t byte = 0;
  return ::recv(port.far(), &byte, 1, 0) == 1 ? byte : -1;
}
void far_send(const SocketPort& port, std::uint8_t byte) { (void)!::send(port.far(), &byte, 1, MSG_NOSIGNAL); }

}  // namespace

TEST_GROUP(MediaThread) {
  SocketPort first, second;
  std::unique_ptr<LoopRig> box = std::make_unique<LoopRig>(first, second);  // its rings are aligned, CppUTest's new is not
  AudioLoop& loop = box->loop;
  SpscRing<Event>& events = box->events;
  int stop[2] = {-1, -1};
  int rounds = 0;

  void setup() override { LONGS_EQUAL(0, ::pipe(stop)); }
  void teardown() override {
    ::close(stop[0]);
    ::close(stop[1]);
  }
  template <class E>
  bool told() {
    Event e;
    while (events.pop(e))
      if (std::holds_alternative<E>(e)) return true;
    return false;
  }
};

TEST(MediaThread, follows_the_first_span_that_delivers_one_tick_per_block) {
  MediaThread thread(loop, false, stop[0], [this] { ++rounds; });
  LONGS_EQUAL(-1, thread.master());
  far_send(second, 7);
  while (thread.master() < 0) CHECK_TRUE(thread.wake());
  LONGS_EQUAL(1, thread.master());
  const auto before = loop.ticks();
  constexpr int kBlocks = kAheadTicksMax - 2;
  for (int n = 0; n < kBlocks; ++n) far_send(second, 7);
  while (loop.ticks() < before + kBlocks) CHECK_TRUE(thread.wake());
  LONGS_EQUAL(before + kBlocks, loop.ticks());
  LONGS_EQUAL(0, loop.counters(1).slips);
  CHECK_TRUE(rounds > 0);
}

TEST(MediaThread, a_flood_is_taken_in_the_pace_of_the_clock_and_the_rest_of_it_slips) {
  MediaThread thread(loop, false, stop[0], [] {});
  far_send(first, 1);
  while (thread.master() < 0) CHECK_TRUE(thread.wake());
  const auto before = loop.ticks();
  for (int n = 0; n < 200; ++n) far_send(first, 1);
  CHECK_TRUE(thread.wake());
  CHECK_TRUE(loop.counters(0).blocks_in >= 200);
  CHECK_TRUE(loop.ticks() - before <= kAheadTicksMax + kCatchUpTicksMax);
  LONGS_EQUAL(loop.counters(0).blocks_in, loop.ticks() - before + loop.counters(0).slips + static_cast<unsigned>(loop.waiting(0)) + 1);
}

TEST(MediaThread, blocks_that_waited_before_a_command_have_nothing_of_it) {
  MediaThread thread(loop, false, stop[0], [] {});
  far_send(first, 1);
  while (thread.master() < 0) CHECK_TRUE(thread.wake());
  while (::recv(second.far(), std::array<char, 1>{}.data(), 1, MSG_DONTWAIT) == 1) {
  }
  const Slot here = MediaEngine::slot(0, 1), there = MediaEngine::slot(1, 1);
  for (const Slot slot : {here, there}) CHECK_TRUE(box->commands.push(cmd::Open{slot}));
  CHECK_TRUE(box->commands.push(cmd::Connect{here, there}));
  const auto before = loop.ticks();
  for (std::uint8_t n = 1; n <= 5; ++n) far_send(first, n);
  while (loop.ticks() < before + 5) CHECK_TRUE(thread.wake());
  std::string heard;
  for (int n = 0; n < 5; ++n) heard += static_cast<char>('0' + far_receive(second));
  STRCMP_EQUAL("00005", heard.c_str());
}

TEST(MediaThread, another_span_takes_over_and_without_any_the_clock_does) {
  MediaThread thread(loop, false, stop[0], [] {});
  far_send(first, 1);
  while (thread.master() != 0) CHECK_TRUE(thread.wake());
  far_send(second, 1);
  while (thread.master() == 0) CHECK_TRUE(thread.wake());  // the first one is silent
  LONGS_EQUAL(1, thread.master());
  while (thread.master() == 1) CHECK_TRUE(thread.wake());
  CHECK_TRUE(told<evt::ClockLost>());
  const auto before = loop.ticks();
  while (loop.ticks() < before + 3) CHECK_TRUE(thread.wake());
  far_send(first, 1);
  while (thread.master() < 0) CHECK_TRUE(thread.wake());
  CHECK_TRUE(told<evt::ClockLost>());
}

TEST(MediaThread, with_its_own_clock_it_follows_nobody) {
  MediaThread thread(loop, true, stop[0], [] {});
  for (int n = 0; n < 5; ++n) {
    far_send(first, 1);
    CHECK_TRUE(thread.wake());
  }
  LONGS_EQUAL(-1, thread.master());
  while (loop.ticks() < 3) CHECK_TRUE(thread.wake());
  CHECK_TRUE(loop.counters(0).blocks_in > 0);
  CHECK_FALSE(told<evt::ClockLost>());
}

TEST(MediaThread, ends_when_told_to) {
  MediaThread thread(loop, false, stop[0], [] {});
  CHECK_TRUE(::write(stop[1], "x", 1) == 1);
  thread.run();
}

TEST_GROUP(ThreadedMedia) {
  fs::path dir;
  SocketPort a, b;
  Reactor reactor;
  std::unique_ptr<MediaPort> media;
  std::vector<Event> events;
  std::vector<RecordDone> done;

  void setup() override {
    std::string name = (fs::temp_directory_path() / "switchroom-XXXXXX").string();
    CHECK_TRUE(::mkdtemp(name.data()) != nullptr);
    dir = name;
    MediaConfig config;
    config.record_dir = dir.string();
    config.disk_low_percent = 0;
    config.realtime = false;
    media = make_threaded_media(reactor, config);
    media->add_span(a);
    media->add_span(b);
    media->start({[this](const Event& e) { on_event(e); }, [this](const RecordDone& d) { done.push_back(d); }, [](bool) {}});
  }
  void teardown() override {
    media.reset();
    fs::remove_all(dir);
  }
  void on_event(const Event& e) {
    events.push_back(e);
    if (std::holds_alternative<evt::PlayEnded>(e)) reactor.stop();
  }
};

TEST(ThreadedMedia, connects_plays_records_and_reports_over_its_rings) {
  static const std::array<std::uint8_t, 320> clip{};
  const Slot left = media->slot(0, 1), right = media->slot(1, 1);
  const auto record = media->open_record("calls/one.wav");
  CHECK_TRUE(record.has_value());
  CHECK_TRUE(media->send(cmd::Open{left}));
  CHECK_TRUE(media->send(cmd::Open{right}));
  CHECK_TRUE(media->send(cmd::Record{left, *record, false}));
  CHECK_TRUE(media->send(cmd::Connect{left, right}));
  // The far end of b keeps talking; a hears it in the end.
  int heard = 0;
  for (int n = 0; heard != 0x33 && n < 1'000; ++n) {
    far_send(a, 0x11);
    far_send(b, 0x33);
    heard = far_receive(a);
  }
  BYTES_EQUAL(0x33, heard);
  CHECK_TRUE(media->send(cmd::Play{.slot = right, .play = 77, .barge_in = false, .count = 1, .clips = {Clip{clip.data(), 320}}}));
  reactor.run();
  bool ended = false;
  for (const auto& e : events)
    if (const auto* p = std::get_if<evt::PlayEnded>(&e)) ended = p->play == 77 && p->end == evt::PlayEnd::done;
  CHECK_TRUE(ended);
  media->stop();
  LONGS_EQUAL(1, done.size());
  CHECK_TRUE(done[0].end == RecordDone::End::done);
  CHECK_TRUE(done[0].duration_ms >= 20);
  LONGS_EQUAL(58 + done[0].duration_ms * 16, fs::file_size(dir / "calls/one.wav"));
  CHECK_TRUE(media->span_counters(1).blocks_in > 0);
  LONGS_EQUAL(0, media->counters().events_lost);
}
