// Two board cores back to back in virtual time: the center (user side, phones) and the exchange (network side, lines), with real
// signalling and real media over wires in this process.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <filesystem>
#include <fstream>

#include "drivers/base/reactor.h"
#include "drivers/media/wav.h"
#include "drivers/span/soft_span.h"
#include "tests/drivers/daemon/fakes.h"

namespace sr::test {

struct Pair {
  explicit Pair(sig::PriConfig user = {}, sig::PriConfig network = {}) {
    use_process_clock(&timers);
    char name[] = "/tmp/sr-pair-XXXXXX";
    dir = mkdtemp(name);
    std::filesystem::create_directories(dir + "/prompts/zh");
    const std::vector<std::uint8_t> second(8000, 0x34);  // one second of a square, not silence
    std::ofstream wav(dir + "/prompts/zh/hello.wav", std::ios::binary);
    const auto header = media::wav_header(1, 8000);
    wav.write(reinterpret_cast<const char*>(header.data()), static_cast<std::streamsize>(header.size()));
    wav.write(reinterpret_cast<const char*>(second.data()), 8000);
    wav.close();
    std::filesystem::copy_file(dir + "/prompts/zh/hello.wav", dir + "/prompts/zh/fallback.wav");

    media::MediaConfig config;
    config.prompt_dir = dir + "/prompts";
    config.record_dir = dir + "/recordings";
    config.disk_low_percent = 0;
    config.realtime = false;
    std::filesystem::create_directories(config.record_dir);
    media = media::make_inline_media(timers, config);
    config.record_dir = {};
    far_media = media::make_inline_media(timers, config);

    user.group = "city";
    network.group = "exchange";
    network.network_side = true;
    network.restart_at_start = false;
    pri_user = user;
    sig::FxsConfig fxs;
    for (int i = 1; i <= 4; ++i) fxs.stations.push_back({i, std::to_string(1000 + i)});
    phones_config = fxs;
    make_center(1);
    exchange = std::make_unique<daemon::BoardCore>(timers, *far_media, far_spool, nullptr, far_config(),
                                                   std::vector<daemon::SpanSetup>{{e1.ends.far.get(), network}, {fxs1.ends.far.get(), sig::FxoConfig{"phones"}}});
    center->attach(ctid);
    exchange->attach(far);
    center->start();
    exchange->start();
    run(5s);  // the D channel comes up, RESTARTs are over
  }
  ~Pair() {
    exchange.reset();
    center.reset();
    use_process_clock(nullptr);
    std::filesystem::remove_all(dir);
  }
  static daemon::BoardConfig far_config() {
    daemon::BoardConfig c;
    c.durable = false;
    return c;
  }
  void make_center(std::uint64_t epoch) {
    daemon::BoardConfig c;
    c.epoch = epoch;
    center = std::make_unique<daemon::BoardCore>(timers, *media, spool, nullptr, c,
                                                 std::vector<daemon::SpanSetup>{{e1.ends.center.get(), pri_user}, {fxs1.ends.center.get(), phones_config}});
    ctid.board = center.get();
  }
  void run(Duration d) { timers.run_for(d); }

  // A caller dials; the leg at the exchange.
  LegId dial(const std::string& called = "4006001") {
    const LegId leg = LegId{++far_legs};
    exchange->send(cmd::Dial{leg, "exchange", "13800000000", called, {}});
    run(100ms);
    return leg;
  }
  LegId offered() { return ctid.last<evt::Offered>()->leg; }
  LegId pick_up(int port) {  // a phone goes off-hook by itself
    const LegId leg = LegId{++far_legs};
    exchange->send(cmd::Dial{leg, "fxs-1/" + std::to_string(port), "", "", {}});
    run(100ms);
    return leg;
  }
  // An answered call: (at the center, at the exchange).
  std::pair<LegId, LegId> call() {
    const LegId out = dial();
    const LegId in = offered();
    center->send(cmd::Answer{in});
    run(100ms);
    return {in, out};
  }
  // A phone that ctid rings and that answers: (at the center, at the phone).
  std::pair<LegId, LegId> agent(int port, std::uint64_t id, Tag tag = {}) {
    center->send(cmd::Ring{LegId{id}, std::to_string(1000 + port), "138", "", tag});
    run(1s);
    const LegId phone = far.last<evt::Offered>()->leg;
    exchange->send(cmd::Answer{phone});
    run(200ms);
    return {LegId{id}, phone};
  }
  std::string digits(const Listener& at, LegId leg) const {
    std::string out;
    for (const auto& e : at.events)
      if (const auto* d = std::get_if<evt::Digit>(&e.event); d != nullptr && d->leg == leg) out += d->digit;
    return out;
  }

  VirtualTimers timers;
  std::string dir;
  Wire e1 = make_wire(timers, "e1-1", SpanKind::e1), fxs1 = make_wire(timers, "fxs-1", SpanKind::fxs);
  std::unique_ptr<media::MediaPort> media, far_media;
  daemon::MemorySpool::Disk disk, far_disk;
  daemon::MemorySpool spool{timers, disk}, far_spool{timers, far_disk};
  sig::PriConfig pri_user;
  sig::FxsConfig phones_config;
  Listener ctid, far;
  std::uint64_t far_legs = 1000;
  std::unique_ptr<daemon::BoardCore> center, exchange;
};

}  // namespace sr::test
