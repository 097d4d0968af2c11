// Signalling, media and listener that record what they are told; the bench has one trunk span "e1-1" (channels 1…15, 17…31, user
// side), optionally a second one, and one bank of phones "fxs-1" (1001…1004).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "drivers/board/codec.h"
#include "drivers/daemon/board_core.h"

namespace sr::test {

using namespace board;

struct FakeSpan final : SpanDriver, SignallingPort, AudioPort {
  FakeSpan(std::string n, SpanKind k) : name_(std::move(n)), kind_(k) {}
  const std::string& name() const override { return name_; }
  SpanKind kind() const override { return kind_; }
  SignallingPort& signalling() override { return *this; }
  AudioPort& audio() override { return *this; }
  void start(Handler) override {}
  void send_frame(std::span<const std::uint8_t>) override {}
  void send_line(int, LineSignal, std::string_view) override {}
  bool carrier() const override { return true; }
  bool receive(SpanAudio&) override { return false; }
  void send(const SpanAudio&) override {}
  int fd() const override { return -1; }
  std::string name_;
  SpanKind kind_;
};

struct FakeSig final : sig::Signalling {
  std::map<std::string, std::uint64_t> counters() const override { return {{"glare", 2}}; }
  FakeSig(sig::Observer& o, std::vector<int> c) : observer(o), all(std::move(c)) {}
  void start() override { log.push_back("start"); }
  void booked(LegId leg) override { note("booked", leg); }
  void alert(LegId leg) override { note("alert", leg); }
  void progress(LegId leg) override { note("progress", leg); }
  void answer(LegId leg) override { note("answer", leg); }
  void clear(LegId leg, int cause) override { log.push_back(fmt::format("clear {} {}", to_number(leg), cause)); }
  void flash(LegId leg) override { note("flash", leg); }
  bool dial(LegId leg, int channel, const std::string&, const std::string& called) override {
    log.push_back(fmt::format("dial {} on {} {}", to_number(leg), channel, called));
    return !refuse.contains(channel);
  }
  bool ring(LegId leg, int channel, const std::string&, const std::string&) override {
    log.push_back(fmt::format("ring {} on {}", to_number(leg), channel));
    return !refuse.contains(channel);
  }
  void digit_heard(LegId leg) override { note("digit_heard", leg); }
  void set_alone(bool a) override { alone = a; }
  void restart(int channel) override { log.push_back(fmt::format("restart {}", channel)); }
  void busyout(int channel, bool on) override { log.push_back(fmt::format("busyout {} {}", channel, on)); }
  sig::ChannelState channel_state(int channel) const override {
    return not_idle.contains(channel) ? sig::ChannelState::busy : sig::ChannelState::idle;
  }
  std::vector<int> channels() const override { return all; }
  LegState leg_state(LegId) const override { return LegState::connected; }
  bool in_service() const override { return up; }
  void note(const char* what, LegId leg) { log.push_back(fmt::format("{} {}", what, to_number(leg))); }
  bool did(const std::string& what) const { return std::ranges::find(log, what) != log.end(); }

  sig::Observer& observer;
  std::vector<int> all;
  std::set<int> not_idle, refuse;
  std::vector<std::string> log;
  bool alone = false, up = true;
};

struct FakeMedia final : media::MediaPort {
  int add_span(AudioPort&) override { return spans++; }
  void start(Handler h) override { handler = std::move(h); }
  void stop() override { stopped = true; }
  media::Slot slot(int span, int channel) const override { return static_cast<media::Slot>(span * 32 + channel); }
  bool send(const media::Command& c) override {
    if (full) return false;
    log.push_back(std::visit([](const auto& x) { return say(x); }, c));
    if (const auto* p = std::get_if<media::cmd::Play>(&c)) last_play = *p;
    return true;
  }
  Result<std::uint32_t> open_record(const std::string& file) override {
    if (file == "bad") return fail("no such place");
    return ++records;
  }
  Result<media::Clip> prompt(const std::string& name) const override {
    if (name == "zh/none") return fail("no prompt zh/none");
    return media::Clip{};
  }
  Result<media::Cadence> tone(const std::string& name) const override {
    if (name == "nonsense") return fail("no tone");
    media::Cadence c;
    c.count = static_cast<std::uint8_t>(name.size());  // tells the tones apart below
    return c;
  }
  media::MediaCounters counters() const override { return {}; }
  media::SpanCounters span_counters(int) const override { return {.blocks_in = 7}; }

  static std::string at(media::Slot s) { return fmt::format("{}/{}", static_cast<int>(s) / 32, static_cast<int>(s) % 32); }
  static std::string say(const media::cmd::Open& c) { return "open " + at(c.slot); }
  static std::string say(const media::cmd::Close& c) { return "close " + at(c.slot); }
  static std::string say(const media::cmd::Play& c) { return fmt::format("play {} {}", at(c.slot), c.count); }
  static std::string say(const media::cmd::PlayTone& c) { return fmt::format("tone {} {}", at(c.slot), c.cadence.count); }
  static std::string say(const media::cmd::Music& c) { return "music " + at(c.slot); }
  static std::string say(const media::cmd::Silence& c) { return "silence " + at(c.slot); }
  static std::string say(const media::cmd::SendDtmf& c) { return "dtmf " + at(c.slot) + " " + std::string(c.digits.data(), c.count); }
  static std::string say(const media::cmd::Detect& c) { return fmt::format("detect {} {} {}", at(c.slot), c.dtmf, c.activity); }
  static std::string say(const media::cmd::Connect& c) { return "connect " + at(c.a) + " " + at(c.b); }
  static std::string say(const media::cmd::Disconnect& c) { return "disconnect " + at(c.slot); }
  static std::string say(const media::cmd::Join& c) { return fmt::format("join {} {} {}", at(c.slot), c.conference, c.talks); }
  static std::string say(const media::cmd::Listen& c) { return fmt::format("listen {} {} {}", at(c.slot), at(c.target), static_cast<int>(c.as)); }
  static std::string say(const media::cmd::Record& c) { return fmt::format("record {} {} {}", at(c.slot), c.record, c.only_connected); }
  static std::string say(const media::cmd::StopRecord& c) { return "stop_record " + at(c.slot); }
  bool did(const std::string& what) const { return std::ranges::find(log, what) != log.end(); }

  Handler handler;
  int spans = 0;
  std::uint32_t records = 0;
  media::cmd::Play last_play{};
  std::vector<std::string> log;
  bool full = false, stopped = false;
};

struct Listener final : BoardListener {
  void on_link(bool up) override { log.push_back(up ? "link up" : "link down"); }
  void on_event(const Envelope& e) override {
    events.push_back(e);
    log.push_back(fmt::format("{} {}", name_of(e.event), e.seq));
    if (board != nullptr) board->send(cmd::Ack{e.epoch, e.seq});
  }
  void on_snapshot(const Snapshot& s) override {
    snapshots.push_back(s);
    log.push_back(fmt::format("snapshot {}", s.seq));
  }
  template <class E>
  const E* last() const {
    for (auto it = events.rbegin(); it != events.rend(); ++it)
      if (const auto* e = std::get_if<E>(&it->event)) return e;
    return nullptr;
  }
  template <class E>
  int count() const {
    return static_cast<int>(std::ranges::count_if(events, [](const Envelope& e) { return std::holds_alternative<E>(e.event); }));
  }
  std::vector<std::string> acts() const {  // "leg act"
    std::vector<std::string> out;
    for (const auto& e : events)
      if (const auto* a = std::get_if<evt::Alone>(&e.event)) out.push_back(fmt::format("{} {}", to_number(a->leg), a->act));
    return out;
  }
  Board* board = nullptr;  // acknowledge at once
  std::vector<Envelope> events;
  std::vector<Snapshot> snapshots;
  std::vector<std::string> log;
};

// One board core on fakes.
struct Rig {
  explicit Rig(daemon::BoardConfig c = {}, bool second_trunk = false) : config(std::move(c)) {
    sig::PriConfig pri;
    pri.group = "city";
    std::vector<daemon::SpanSetup> setups{{&e1, pri}};
    if (second_trunk) setups.push_back({&e2, pri});
    sig::FxsConfig fxs;
    for (int i = 1; i <= 4; ++i) fxs.stations.push_back({i, std::to_string(1000 + i)});
    setups.push_back({&phones, fxs});
    core = std::make_unique<daemon::BoardCore>(timers, media, spool, nullptr, config, setups,
                                               [this](Timers&, const daemon::SpanSetup& s, sig::Observer& o) -> std::unique_ptr<sig::Signalling> {
      std::vector<int> channels;
      if (s.driver->kind() == SpanKind::e1) {
        for (int n = 1; n <= 31; ++n)
          if (n != 16) channels.push_back(n);
      } else {
        channels = {1, 2, 3, 4};
      }
      auto made = std::make_unique<FakeSig>(o, channels);
      sigs.push_back(made.get());
      return made;
    });
  }
  FakeSig& trunk() { return *sigs.front(); }
  FakeSig& bank() { return *sigs.back(); }
  void run(Duration d = 1ms) { timers.run_for(d); }
  void start() {
    core->attach(ctid);
    core->start();
    run();
  }
  LegId offer(int channel = 1, const std::string& called = "4006001") {
    auto& o = trunk().observer;
    const LegId leg = o.new_leg();
    o.offered(leg, channel, channel, "13800000000", called, true);
    run();
    return leg;
  }
  LegId up(int channel = 1) {  // an answered incoming call
    const LegId leg = offer(channel);
    ack();
    trunk().observer.answered(leg);
    run();
    return leg;
  }
  LegId phone_up(int port, std::uint64_t id) {  // a station that ctid rang and that was answered
    const LegId leg{id};
    core->send(cmd::Ring{leg, std::to_string(1000 + port), "", "", {}});
    bank().observer.seized(leg, port, 0);
    bank().observer.answered(leg);
    run();
    return leg;
  }
  void ack() { core->send(cmd::Ack{config.epoch, ctid.events.empty() ? 0 : ctid.events.back().seq}); }

  VirtualTimers timers;
  FakeMedia media;
  daemon::MemorySpool::Disk disk;
  daemon::MemorySpool spool{timers, disk};
  FakeSpan e1{"e1-1", SpanKind::e1}, e2{"e1-2", SpanKind::e1}, phones{"fxs-1", SpanKind::fxs};
  daemon::BoardConfig config;
  std::vector<FakeSig*> sigs;
  Listener ctid;
  std::unique_ptr<daemon::BoardCore> core;
};

}  // namespace sr::test
