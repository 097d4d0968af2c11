// Two PriSpans on one wire in virtual time: `net` is the exchange, `user` the center. Each writes down what it hears.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/base/time.h"
#include "drivers/sig/pri_span.h"
#include "drivers/span/soft_span.h"

namespace sr::sig {

class Recorder final : public Observer {
 public:
  std::vector<std::string> heard;
  std::vector<std::vector<std::uint8_t>> sent, received;
  std::uint64_t next = 0;
  std::function<void(LegId)> on_offered, on_glare_lost;
  LegId last{};
  int crv = 0;

  LegId new_leg() override { return LegId{++next}; }
  void offered(LegId leg, int channel, int cr, const std::string& calling, const std::string& called, bool complete) override {
    last = leg;
    crv = cr;
    say("offered {} ch{} {} {}{}", id(leg), channel, calling, called, complete ? "" : " ...");
    if (on_offered) on_offered(leg);
  }
  void number_complete(LegId leg, const std::string& called) override { say("number_complete {} {}", id(leg), called); }
  void initiated(LegId leg, int channel, const std::string& station) override { last = leg; say("initiated {} ch{} {}", id(leg), channel, station); }
  void seized(LegId leg, int channel, int cr) override { crv = cr; say("seized {} ch{}", id(leg), channel); }
  void proceeding(LegId leg) override { say("proceeding {}", id(leg)); }
  void alerting(LegId leg) override { say("alerting {}", id(leg)); }
  void progress_audio(LegId leg) override { say("progress_audio {}", id(leg)); }
  void answered(LegId leg) override { say("answered {}", id(leg)); }
  void flashed(LegId leg) override { say("flashed {}", id(leg)); }
  void glare_lost(LegId leg) override { say("glare_lost {}", id(leg)); if (on_glare_lost) on_glare_lost(leg); }
  void released(LegId leg, int cause, bool by_far, std::string_view why) override { say("released {} {} {} {}", id(leg), cause, by_far ? "far" : "own", why); }
  void channel_tone(int channel, std::string_view tone) override { say("tone ch{} {}", channel, tone); }
  void station_state(const std::string& station, bool off_hook, bool in_service) override { say("station {} {} {}", station, off_hook ? "off" : "on", in_service ? "in" : "out"); }
  void d_channel(bool up) override { say("d_channel {}", up ? "up" : "down"); }
  void frame(bool out, std::span<const std::uint8_t> f) override { (out ? sent : received).emplace_back(f.begin(), f.end()); }

  std::string text() const {  // what was heard, in one line
    std::string all;
    for (const auto& one : heard) all += (all.empty() ? "" : ", ") + one;
    return all;
  }
  std::string take() { auto all = text(); heard.clear(); return all; }
  int q931_sent(int type = 0) const {  // messages of that type (0: any), with repetitions of the frame
    int n = 0;
    for (const auto& f : sent) n += f.size() > 8 && (f[2] & 1) == 0 && (type == 0 || f[8] == type);
    return n;
  }

 private:
  static std::uint64_t id(LegId leg) { return to_number(leg); }
  template <class... A>
  void say(fmt::format_string<A...> f, A&&... a) { heard.push_back(fmt::format(f, std::forward<A>(a)...)); }
};

inline constexpr int kSetup = 0x05, kSetupAck = 0x0D, kCallProceeding = 0x02, kAlerting = 0x01, kConnect = 0x07, kDisconnect = 0x45, kRelease = 0x4D,
                     kReleaseComplete = 0x5A, kRestart = 0x46, kInformation = 0x7B, kService = 0x0F, kServiceNi2 = 0x07;

struct PriPair {
  VirtualTimers timers;
  Wire wire;
  Recorder user_heard, net_heard;
  PriConfig user_config, net_config;
  std::unique_ptr<PriSpan> user, net;

  explicit PriPair(SpanKind kind = SpanKind::e1) : wire(make_wire(timers, "e1-1", kind)) {
    use_process_clock(&timers);
    user_config.restart_at_start = false;
    net_config.restart_at_start = false;
    net_config.network_side = true;
    net_heard.next = 1000;
  }
  ~PriPair() {
    user.reset();
    net.reset();
    use_process_clock(nullptr);
  }
  void start() {
    user = std::make_unique<PriSpan>(timers, *wire.ends.center, user_config, user_heard);
    net = std::make_unique<PriSpan>(timers, *wire.ends.far, net_config, net_heard);
    user->start();
    net->start();
  }
  void up() {
    start();
    run(5s);
    user_heard.heard.clear();
    net_heard.heard.clear();
    user_heard.sent.clear();
    net_heard.sent.clear();
  }
  void run(Duration d) { timers.run_for(d); }
};

inline LegId leg(std::uint64_t n) { return LegId{n}; }

}  // namespace sr::sig
