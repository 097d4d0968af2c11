// The technician's tests of a line, beside what ctid does: docs/protocol-board.md, "Line tests".
// A channel that is looped or under a bit error test takes no call; a meter disturbs nobody.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <bit>

#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

namespace {

constexpr std::uint32_t bit(int channel) { return 1U << channel; }

template <class Do>
void each(std::uint32_t channels, Do work) {
  for (; channels != 0; channels &= channels - 1) work(std::countr_zero(channels));
}

std::string where(const SpanUnit& u, int channel) { return u.name + "/" + std::to_string(channel); }

}  // namespace

Result<TestId> Core::begin_test(const LineTest& what, TestSink tell) {
  if (stopping_ || !started_) return fail("boardd is starting or stopping");
  if (tests_.size() >= kLineTestsMax && !std::holds_alternative<test::Loopback>(what)) return fail(std::to_string(kLineTestsMax) + " tests run already");
  return std::visit([&](const auto& t) { return begin(t, std::move(tell)); }, what);
}

void Core::end_test(TestId id) {
  const auto at = tests_.find(id);
  if (at == tests_.end()) return;
  if (at->second.leg != LegId::none) {  // its Released ends it
    return run(cmd::Clear{at->second.leg, 16});
  }
  const RunningTest over = std::move(at->second);
  tests_.erase(at);
  timers_.cancel(over.timer);
  release_from_test(*over.unit, over.bert);
  settle_tap(*over.unit);
}

TestId Core::add_test(RunningTest t) {
  const TestId id{++last_test_};
  tests_.emplace(id, std::move(t));
  return id;
}

// ---- a call ------------------------------------------------------------------------------------------------------------------

Result<TestId> Core::begin(const test::Call& c, TestSink tell) {
  const std::string span = c.group.substr(0, c.group.rfind('/'));
  if (!groups_.contains(c.group) && (c.group.find('/') == std::string::npos || unit_named(span) == nullptr))
    return fail("no trunk group and no span/channel '" + c.group + "'");
  const LegId leg{kTestLegBase + ++last_test_leg_};
  const TestId id = add_test({.tell = std::move(tell), .leg = leg});
  log::info("test call, leg {}: {} on {}", to_number(leg), c.called, c.group);
  run(cmd::Dial{leg, c.group, c.calling, c.called, {}});
  return id;
}

// Events of a test call are the technician's alone.
void Core::tell_tester(LegId leg, Event event) {
  for (auto& [id, t] : tests_) {
    if (t.leg != leg) continue;
    const bool over = std::holds_alternative<evt::Released>(event);
    const TestSink tell = t.tell;
    if (over) tests_.erase(id);
    if (tell) tell(Envelope{log_.epoch(), 0, timers_.now(), std::move(event)});
    return;
  }
}

// ---- meter -------------------------------------------------------------------------------------------------------------------

Result<SpanUnit*> Core::unit_with(const std::string& span, int channel) {
  SpanUnit* u = unit_named(span);
  if (u == nullptr) return fail("no span '" + span + "'");
  if (channel < 0 || channel > kSpanChannelsMax || (channel > 0 && (u->channels & bit(channel)) == 0))
    return fail("span '" + span + "' has no channel " + std::to_string(channel) + " that carries calls");
  return u;
}

Result<TestId> Core::begin(const test::Level& c, TestSink tell) {
  const auto u = unit_with(c.span, c.channel);
  if (!u) return std::unexpected(u.error());
  if (c.channel == 0) return fail("a meter needs a channel, from 1");
  const TestId id = add_test({.tell = std::move(tell), .unit = *u, .channel = c.channel, .meter = bit(c.channel)});
  settle_tap(**u);
  report_each(id, kLevelEvery);
  return id;
}

// ---- loop --------------------------------------------------------------------------------------------------------------------

Result<TestId> Core::begin(const test::Loopback& c, TestSink) {
  const auto found = unit_with(c.span, c.channel);
  if (!found) return std::unexpected(found.error());
  SpanUnit& u = **found;
  const std::uint32_t wanted = c.channel == 0 ? u.channels : bit(c.channel);
  if (!c.on) {
    if ((u.looped & wanted) == 0) return fail("no loop stands on " + (c.channel == 0 ? u.name : where(u, c.channel)));
    if (std::exchange(u.board_loops, false)) {
      if (c.channel != 0) {
        u.board_loops = true;
        return fail("the board loops the whole of " + u.name + ": end that");
      }
      if (auto ok = u.driver->loopback(false); !ok) log::warn("span {}: {}", u.name, ok.error().text());
    }
    release_from_test(u, u.looped & wanted);
    u.looped &= ~wanted;
  } else {
    if (auto ok = take_for_test(u, wanted); !ok) return std::unexpected(ok.error());
    if (c.channel == 0) {
      const auto board = u.driver->loopback(true);
      u.board_loops = board.has_value();
      if (!board) log::info("span {}: looped by boardd, channel by channel: {}", u.name, board.error().text());
    }
    u.looped |= wanted;
  }
  log::warn("span {}: loop {} {}", u.name, c.channel == 0 ? "of all channels" : "of channel " + std::to_string(c.channel), c.on ? "on" : "off");
  settle_tap(u);
  return TestId::none;
}

// ---- bit errors --------------------------------------------------------------------------------------------------------------

Result<TestId> Core::begin(const test::Bert& c, TestSink tell) {
  const auto found = unit_with(c.span, c.channel);
  if (!found) return std::unexpected(found.error());
  SpanUnit& u = **found;
  if (u.line != LineKind::trunk) return fail("'" + u.name + "' is analog: a bit pattern needs a digital channel", {}, "boardctl level shows what an analog line carries");
  const std::uint32_t wanted = c.channel == 0 ? u.channels & ~legs_.busy(u.index) & ~u.in_test : bit(c.channel);
  if (wanted == 0) return fail("no channel of '" + u.name + "' is idle");
  if (auto ok = take_for_test(u, wanted); !ok) return std::unexpected(ok.error());
  each(wanted, [&](int ch) { u.tap->begin_bert(ch); });
  const TestId id = add_test({.tell = std::move(tell), .unit = &u, .bert = wanted});
  settle_tap(u);
  report_each(id, kBertEvery);
  return id;
}

// ---- both --------------------------------------------------------------------------------------------------------------------

Status Core::take_for_test(SpanUnit& u, std::uint32_t wanted) {
  std::string busy;
  each(wanted & (legs_.busy(u.index) | u.in_test), [&](int ch) {
    if (busy.empty()) busy = where(u, ch) + (legs_.at(u.index, ch) != nullptr ? " carries a call" : " is in a test already");
  });
  if (!busy.empty()) return fail(busy, {}, "boardctl drain " + u.name + " empties the span; boardctl loopback … off ends a loop");
  each(wanted, [&](int ch) { u.sig->busyout(ch, true); });
  u.in_test |= wanted;
  measure_busy(u);
  return {};
}

void Core::release_from_test(SpanUnit& u, std::uint32_t channels) {
  u.in_test &= ~channels;
  each(channels & ~u.busied_out, [&](int ch) { u.sig->busyout(ch, false); });
  measure_busy(u);
}

void Core::settle_tap(SpanUnit& u) {
  std::uint32_t bert = 0, meter = 0;
  for (const auto& [id, t] : tests_)
    if (t.unit == &u) bert |= t.bert, meter |= t.meter;
  u.tap->set(u.board_loops ? 0 : u.looped, bert, meter);
}

void Core::report_each(TestId id, Duration every) {
  const auto at = tests_.find(id);
  if (at == tests_.end()) return;
  at->second.timer = later(every, [this, id, every] {
    const auto now = tests_.find(id);
    if (now == tests_.end()) return;
    const TestReport report = report_of(now->second);
    report_each(id, every);
    if (const TestSink tell = now->second.tell) tell(report);  // may end the test
  });
}

TestReport Core::report_of(const RunningTest& t) const {
  if (t.meter != 0) {
    const auto level = t.unit->tap->level(t.channel);
    return LevelReport{t.unit->name, t.channel, level.heard_dbm0, level.sent_dbm0};
  }
  BertReport out{t.unit->name, {}};
  each(t.bert, [&](int ch) {
    const auto n = t.unit->tap->bert(ch);
    out.channels.push_back({ch, n.bits, n.errors, n.losses});
  });
  return out;
}

}  // namespace sr::daemon
