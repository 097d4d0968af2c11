// NFAS: three T1 under one D channel with a backup, libpri on both ends.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/pri_group.h"
#include "tests/drivers/sig/pri_pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

namespace {
constexpr int kSpans = 3;  // 0: primary, 1: backup, 2: only B channels
constexpr DChannelRole kRoles[] = {DChannelRole::primary, DChannelRole::backup, DChannelRole::none};

struct Nfas {
  VirtualTimers timers;
  Wire wires[kSpans] = {make_wire(timers, "t1-0", SpanKind::t1), make_wire(timers, "t1-1", SpanKind::t1), make_wire(timers, "t1-2", SpanKind::t1)};
  Recorder user_heard[kSpans], net_heard[kSpans];
  std::unique_ptr<PriSpan> user[kSpans], net[kSpans];
  std::uint64_t last = 500;

  explicit Nfas(const char* type = "ni2") {
    use_process_clock(&timers);
    auto users = std::make_shared<PriGroup>(), nets = std::make_shared<PriGroup>();
    for (int i = 0; i < kSpans; ++i) {
      PriConfig c;
      c.switch_type = type;
      c.restart_at_start = false;
      c.interface = i;
      c.d_role = kRoles[i];
      c.nfas = users;
      user_heard[i].next = static_cast<std::uint64_t>(10'000 * (i + 1));
      net_heard[i].next = static_cast<std::uint64_t>(100'000 * (i + 1));
      user[i] = std::make_unique<PriSpan>(timers, *wires[i].ends.center, c, user_heard[i]);
      c.network_side = true;
      c.nfas = nets;
      net[i] = std::make_unique<PriSpan>(timers, *wires[i].ends.far, c, net_heard[i]);
    }
    for (auto& s : user) s->start();
    for (auto& s : net) s->start();
    run(5s);
    forget();
  }
  ~Nfas() {
    for (auto& s : user) s.reset();
    for (auto& s : net) s.reset();
    use_process_clock(nullptr);
  }
  void run(Duration d) { timers.run_for(d); }
  void forget() {
    for (auto* heard : {user_heard, net_heard})
      for (int i = 0; i < kSpans; ++i) {
        heard[i].heard.clear();
        heard[i].sent.clear();
      }
  }
  struct Up { LegId from, to; };
  Up dial(bool by_user, int span, int channel) {
    const LegId id = leg(++last);
    CHECK((by_user ? user : net)[span]->dial(id, channel, "138", "400"));
    run(50ms);
    const auto& heard = (by_user ? net_heard : user_heard)[span];
    STRCMP_CONTAINS(fmt::format("ch{} 138 400", channel).c_str(), heard.text().c_str());
    return {id, heard.last};
  }
  Up call(bool by_user, int span, int channel) {
    const Up up = dial(by_user, span, channel);
    PriSpan& to = *(by_user ? net : user)[span];
    to.booked(up.to);
    to.answer(up.to);
    run(50ms);
    CHECK(is_up(by_user, span, up));
    return up;
  }
  bool is_up(bool by_user, int span, Up up) {
    return (by_user ? user : net)[span]->leg_state(up.from) == board::LegState::connected &&
           (by_user ? net : user)[span]->leg_state(up.to) == board::LegState::connected;
  }
  void cleared(bool by_user, int span, int channel, Up up, bool by_caller) {
    PriSpan& from = *(by_user ? user : net)[span];
    PriSpan& to = *(by_user ? net : user)[span];
    if (by_caller) from.clear(up.from, 16);
    else to.clear(up.to, 16);
    run(100ms);
    CHECK(from.leg_state(up.from) == board::LegState::null);
    CHECK(to.leg_state(up.to) == board::LegState::null);
    CHECK(user[span]->channel_state(channel) == ChannelState::idle);
    CHECK(net[span]->channel_state(channel) == ChannelState::idle);
  }
  std::size_t sent_on(int span) { return static_cast<std::size_t>(user_heard[span].q931_sent() + net_heard[span].q931_sent()); }
};
}  // namespace

TEST_GROUP(PriNfas) {};

TEST(PriNfas, calls_are_made_and_cleared_both_ways_on_every_span) {
  for (const char* type : {"euroisdn", "ni2", "dms100", "4ess", "5ess"}) {
    Nfas n(type);
    for (int span = 0; span < kSpans; ++span)
      for (const bool by_user : {true, false})
        for (const bool by_caller : {true, false}) n.cleared(by_user, span, 7, n.call(by_user, span, 7), by_caller);
    CHECK(n.sent_on(0) > 0);
    LONGS_EQUAL(0, n.sent_on(1) + n.sent_on(2));
    LONGS_EQUAL(0, n.user[0]->counters()["libpri_errors"] + n.net[0]->counters()["libpri_errors"]);
  }
}

TEST(PriNfas, a_span_without_d_channel_has_24_channels) {
  Nfas n;
  LONGS_EQUAL(23, n.user[0]->channels().size());
  LONGS_EQUAL(23, n.user[1]->channels().size());
  LONGS_EQUAL(24, n.user[2]->channels().size());
  n.cleared(true, 2, 24, n.call(true, 2, 24), true);
}

TEST(PriNfas, the_same_channel_of_all_spans_carries_three_calls) {
  Nfas n;
  Nfas::Up up[kSpans];
  for (int i = 0; i < kSpans; ++i) up[i] = n.call(i % 2 != 0, i, 5);
  for (int i = 0; i < kSpans; ++i) n.cleared(i % 2 != 0, i, 5, up[i], true);
}

TEST(PriNfas, a_restart_and_a_busy_out_meet_the_span_they_name) {
  Nfas n;
  const auto a = n.call(false, 0, 5), b = n.call(false, 2, 5);
  n.user[2]->restart(5);
  n.run(200ms);
  CHECK(n.is_up(false, 0, a));
  CHECK_FALSE(n.is_up(false, 2, b));
  STRCMP_CONTAINS("41 far restart", n.net_heard[2].text().c_str());
  CHECK(n.user[2]->channel_state(5) == ChannelState::idle);
  n.user[1]->busyout(9, true);
  n.run(200ms);
  CHECK(n.net[1]->channel_state(9) == ChannelState::out_of_service);
  CHECK(n.net[0]->channel_state(9) == ChannelState::idle);
  CHECK(n.net[2]->channel_state(9) == ChannelState::idle);
}

TEST(PriNfas, when_the_primary_dies_calls_that_are_up_go_over_to_the_backup_and_others_end) {
  for (const bool cut : {true, false}) {  // no carrier, or a silent D channel
    Nfas n;
    const auto b = n.call(true, 1, 3), c = n.call(false, 2, 4);
    const auto waiting = n.dial(false, 2, 9);
    if (cut) n.wires[0].faults->cut(true);
    else n.wires[0].faults->drop_frames(true);
    n.run(30s);
    CHECK(n.is_up(true, 1, b));
    CHECK(n.is_up(false, 2, c));
    CHECK(n.net[2]->leg_state(waiting.from) == board::LegState::null);
    CHECK(n.user[2]->leg_state(waiting.to) == board::LegState::null);
    STRCMP_CONTAINS(fmt::format("released {} 27", to_number(waiting.to)).c_str(), n.user_heard[2].text().c_str());
    CHECK(n.user[2]->in_service());
    CHECK(n.user[0]->in_service() != cut);
    n.forget();
    n.cleared(true, 1, 3, b, true);   // by our own message …
    n.cleared(false, 2, 4, c, false);
    const auto again = n.call(false, 2, 4);
    n.cleared(false, 2, 4, again, true);
    CHECK(n.sent_on(1) > 0);
    n.run(200s);  // T309 of nobody
    // The primary is there again: messages stay where they are, and both ends still agree.
    if (cut) n.wires[0].faults->cut(false);
    else n.wires[0].faults->drop_frames(false);
    n.run(20s);
    n.forget();
    for (const bool by_user : {true, false}) n.cleared(by_user, 0, 2, n.call(by_user, 0, 2), by_user);
    LONGS_EQUAL(0, n.sent_on(0));
    // And back again when the backup dies.
    const auto last = n.call(true, 2, 20);
    n.wires[1].faults->drop_frames(true);
    n.run(30s);
    CHECK(n.is_up(true, 2, last));
    n.cleared(true, 2, 20, last, false);
  }
}

TEST(PriNfas, without_any_d_channel_t309_ends_the_calls_unless_one_comes_back) {
  Nfas n;
  const auto up = n.call(true, 2, 3);
  for (int d : {0, 1}) n.wires[d].faults->drop_frames(true);
  n.run(60s);
  CHECK_FALSE(n.user[2]->in_service());
  CHECK(n.is_up(true, 2, up));
  n.wires[1].faults->drop_frames(false);
  n.run(120s);
  CHECK(n.is_up(true, 2, up));
  n.wires[1].faults->drop_frames(true);
  n.run(140s);
  CHECK_FALSE(n.is_up(true, 2, up));
  STRCMP_CONTAINS(fmt::format("released {} 27", to_number(up.from)).c_str(), n.user_heard[2].text().c_str());
}

TEST(PriNfas, the_choice_of_the_d_channel) {
  const bool both[] = {true, true}, first[] = {true, false}, second[] = {false, true}, none[] = {false, false};
  LONGS_EQUAL(0, choose_d_channel(both, 0));
  LONGS_EQUAL(1, choose_d_channel(both, 1));  // no way back by itself
  LONGS_EQUAL(0, choose_d_channel(first, 1));
  LONGS_EQUAL(1, choose_d_channel(second, 0));
  LONGS_EQUAL(-1, choose_d_channel(none, 0));
  LONGS_EQUAL(5, wire_channel(5, -1));
  LONGS_EQUAL(2, interface_of(wire_channel(5, 2)));
  LONGS_EQUAL(0, interface_of(wire_channel(5, 0)));
  LONGS_EQUAL(-1, interface_of(5));
  LONGS_EQUAL(-1, interface_of(-1));
}
