// The D channel over soft spans: real sockets, one Reactor. A center that is killed and begins anew has a line before it has Q.921.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "drivers/span/soft_span.h"
#include "tests/drivers/sig/pri_pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

namespace {
constexpr Duration kPatience = 20s;
}

TEST_GROUP(PriSoft) {
  Reactor reactor;
  std::string path = "/tmp/sr-pri-soft-" + std::to_string(::getpid()) + ".sock";
  std::unique_ptr<SoftSpanBank> center_lines, far_lines;
  Recorder user_heard, net_heard;
  PriConfig config;
  std::unique_ptr<PriSpan> user, net;

  void setup() override { use_process_clock(&reactor.timers()); }
  void teardown() override {
    center_lines.reset();
    far_lines.reset();
    user.reset();
    net.reset();
    use_process_clock(nullptr);
  }
  void plug_center(SpanKind kind = SpanKind::e1) {
    auto bank = listen_soft_spans(reactor, path, {{"e1-1", kind}});
    CHECK(bank.has_value());
    center_lines = std::move(*bank);
  }
  void start(std::unique_ptr<PriSpan>& side, SoftSpanBank& lines, Recorder& heard, bool network) {
    config.network_side = network;
    config.restart_at_start = false;
    side = std::make_unique<PriSpan>(reactor.timers(), *lines.spans()[0], config, heard);
    side->start();
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
};

TEST(PriSoft, the_exchange_offers_nothing_to_a_center_whose_line_is_there_before_its_link) {
  plug_center();
  far_lines = connect_soft_spans(reactor, path, {{"e1-1", SpanKind::e1}});
  start(net, *far_lines, net_heard, true);
  start(user, *center_lines, user_heard, false);
  CHECK(until([&] { return net->in_service() && user->in_service(); }));
  STRCMP_EQUAL("d_channel up", net_heard.take().c_str());

  center_lines.reset();  // kill -9
  user.reset();
  CHECK(until([&] { return !net->in_service(); }));
  plug_center();
  center_lines->spans()[0]->signalling().start({.on_frame = [](auto) {}, .on_line = [](int, LineSignal, std::string_view) {}, .on_carrier = [](bool) {}});
  CHECK(until([&] { return far_lines->spans()[0]->signalling().carrier(); }));
  const Instant line_there = reactor.timers().now();
  CHECK(until([&] { return reactor.timers().now() - line_there >= 2 * kRestartWindow; }));
  STRCMP_EQUAL("d_channel down", net_heard.take().c_str());
  CHECK_FALSE(net->dial(leg(7), 1, "138", "400"));

  center_lines.reset();
  CHECK(until([&] { return !far_lines->spans()[0]->signalling().carrier(); }));
  plug_center();
  start(user, *center_lines, user_heard, false);
  CHECK(until([&] { return net->in_service() && user->in_service(); }));
  CHECK(net->dial(leg(8), 1, "138", "400"));
  CHECK(until([&] { return user_heard.text().find("offered 1 ch1 138 400") != std::string::npos; }));
}

TEST(PriSoft, a_t1_is_a_soft_span_too) {
  plug_center(SpanKind::t1);
  far_lines = connect_soft_spans(reactor, path, {{"e1-1", SpanKind::t1}});
  config.switch_type = "ni2";
  start(net, *far_lines, net_heard, true);
  start(user, *center_lines, user_heard, false);
  CHECK(until([&] { return net->in_service() && user->in_service(); }));
  LONGS_EQUAL(23, user->channels().size());
  CHECK(net->dial(leg(8), 23, "138", "400"));
  CHECK(until([&] { return user_heard.text().find("offered 1 ch23 138 400") != std::string::npos; }));
  user->booked(leg(1));
  user->answer(leg(1));
  CHECK(until([&] { return net->leg_state(leg(8)) == board::LegState::connected && user->leg_state(leg(1)) == board::LegState::connected; }));
  net->clear(leg(8), 16);
  CHECK(until([&] { return user->channel_state(23) == ChannelState::idle && net->channel_state(23) == ChannelState::idle; }));
}
