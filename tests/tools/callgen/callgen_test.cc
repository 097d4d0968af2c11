// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/callgen/fake.h"

#include "drivers/base/log.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::callgen;
using namespace sr::callgen::test;
namespace evt = sr::board::evt;
namespace cmd = sr::board::cmd;

TEST_GROUP(Callgen) {
  static constexpr const char* kCaller = R"(
    rate = 1; curve = "constant"; calls = 1; drain = 5
    function caller(c)
      c:story("patient")
      if not c:dial("4006001", {calling = "13800000001"}) then mark("refused") return end
      local ok, why = c:wait_answer(20)
      if not ok then mark(why) return end
      if not c:wait_prompt(10) then mark("no prompt") return end
      c:press("1#")
      c:talk(2)
      c:hangup()
    end)";
};

TEST(Callgen, a_caller_dials_hears_the_prompt_presses_and_talks) {
  Bench b(kCaller);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(1100ms);
  const auto dials = b.board.all<cmd::Dial>();
  CHECK_EQUAL(1, dials.size());
  STRCMP_EQUAL("center", dials[0].group.c_str());
  STRCMP_EQUAL("13800000001", dials[0].calling.c_str());
  const LegId leg = b.board.last_leg;
  b.board.say(evt::Seized{leg, "e1a", 3, 77});
  b.board.say(evt::Proceeding{leg});
  b.board.say(evt::Alerting{leg});
  b.board.say(evt::Answered{leg});
  CHECK_EQUAL(1, b.board.all<cmd::Detect>().size());
  b.board.say(evt::Activity{leg, true});
  b.run(2s);
  b.board.say(evt::Activity{leg, false});
  b.run(300ms);
  CHECK_EQUAL(0, b.board.all<cmd::SendDtmf>().size());  // a breath is not the end of the prompt
  b.run(200ms);
  CHECK_EQUAL(1, b.board.all<cmd::SendDtmf>().size());
  b.run(500ms);
  const auto tones = b.board.all<cmd::Tone>();
  CHECK_EQUAL(1, tones.size());
  STRCMP_EQUAL(("f=" + std::to_string(caller_hz(1))).c_str(), tones[0].tone.c_str());
  b.run(2s);
  CHECK_EQUAL(1, b.board.all<cmd::Clear>().size());
  b.board.say(evt::Released{leg, 16, false, ""});
  CHECK_EQUAL(1, b.rows.calls.size());
  const CallRow& row = b.rows.calls[0];
  STRCMP_EQUAL("e1a", row.span.c_str());
  CHECK_EQUAL(77, row.crv);
  CHECK_TRUE(row.delivered && row.connected_at.has_value() && !row.refused);
  CHECK_EQUAL(2000, row.spoke_ms);
  STRCMP_EQUAL("patient", row.story.c_str());
  CHECK_EQUAL(0, b.callgen.exchange().parties());
}

TEST(Callgen, no_free_channel_is_booked_as_refused_and_not_delivered) {
  Bench b(kCaller);
  CHECK_TRUE(b.callgen.load().has_value());
  b.board.full = true;
  b.callgen.start(false);
  b.run(1100ms);
  CHECK_EQUAL(1, b.rows.calls.size());
  CHECK_TRUE(b.rows.calls[0].refused && !b.rows.calls[0].delivered);
  CHECK_EQUAL(34, b.rows.calls[0].cause);
  CHECK_EQUAL(1, b.callgen.progress().counters.refused);
  CHECK_EQUAL(1, b.callgen.progress().marks.at("refused"));
}

TEST(Callgen, a_setup_without_any_reply_is_not_delivered) {
  Bench b(kCaller);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(1100ms);
  b.board.say(evt::Seized{b.board.last_leg, "e1a", 3, 77});
  b.run(8s);
  b.board.say(evt::Released{b.board.last_leg, 18, true, "far_end"});
  CHECK_FALSE(b.rows.calls.at(0).delivered);
  CHECK_FALSE(b.rows.calls.at(0).refused);
}

TEST(Callgen, a_restart_is_no_reply_to_a_setup) {
  Bench b(kCaller);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(1100ms);
  b.board.say(evt::Seized{b.board.last_leg, "e1a", 3, 77});
  b.board.say(evt::Released{b.board.last_leg, 41, true, "restart"});
  CHECK_FALSE(b.rows.calls.at(0).delivered);
}

TEST(Callgen, release_complete_alone_is_a_reply) {
  Bench b(kCaller);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(1100ms);
  b.board.say(evt::Seized{b.board.last_leg, "e1a", 3, 77});
  b.board.say(evt::Released{b.board.last_leg, 42, true, ""});
  CHECK_TRUE(b.rows.calls.at(0).delivered);
}

TEST(Callgen, a_call_that_the_caller_drops_before_any_reply_counts_as_delivered_only_if_it_was_acknowledged) {
  for (const bool quick : {true, false}) {
    Bench b(R"(rate = 1; curve = "constant"; calls = 1
      function caller(c) c:dial("1", {calling = "2"}) c:wait(0.1) c:hangup() end)");
    CHECK_TRUE(b.callgen.load().has_value());
    b.callgen.start(false);
    b.run(1010ms);
    b.board.say(evt::Seized{b.board.last_leg, "e1a", 3, 77});
    b.run(quick ? 200ms : 9s);
    b.board.say(evt::Released{b.board.last_leg, 16, false, ""});
    CHECK_EQUAL(quick, b.rows.calls.at(0).delivered);
  }
}

TEST(Callgen, an_agent_logs_in_answers_and_hangs_up_at_the_busy_tone) {
  Bench b(R"(rate = 0; agents = 1
    function agent(a)
      a:off_hook() a:press("*11") a:on_hook()
      while true do
        local ok, why = a:wait_ring()
        if not ok then mark(why) break end
        a:wait(1)
        if a:answer() then a:talk(60) end
        mark(a:far_gone() and "gone" or "stayed")
        a:on_hook()
      end
    end)", 100);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(10ms);
  const auto dials = b.board.all<cmd::Dial>();
  CHECK_EQUAL(1, dials.size());
  STRCMP_EQUAL("phones/1", dials[0].group.c_str());
  b.board.say(evt::Answered{dials[0].leg});
  b.run(1s);
  b.board.say(evt::Released{dials[0].leg, 16, false, ""});
  b.board.say(evt::Offered{LegId{1}, "phones", 1, 0, "", "13800000001", "", true, board::LineKind::line});
  b.run(900ms);
  CHECK_EQUAL(0, b.board.all<cmd::Answer>().size());
  b.run(200ms);
  CHECK_EQUAL(1, b.board.all<cmd::Answer>().size());
  b.board.say(evt::Answered{LegId{1}});
  b.run(5s);
  CHECK_EQUAL(1, b.callgen.progress().agents_talking);
  for (int i = 0; i < 4; ++i) {
    b.board.say(evt::Activity{LegId{1}, true});
    b.run(550ms);
    b.board.say(evt::Activity{LegId{1}, false});
    b.run(150ms);
  }
  b.board.say(evt::Released{LegId{1}, 16, false, ""});
  CHECK_EQUAL(1, b.callgen.progress().marks.at("gone"));
  CHECK_EQUAL(1, b.rows.agents.size());
  CHECK_EQUAL(agent_hz(1), b.rows.agents[0].signature_hz);
  CHECK_TRUE(b.rows.agents[0].spoke_ms > 5000);
  b.callgen.stop_arrivals();
  b.run(1s);
  CHECK_EQUAL(1, b.callgen.progress().marks.at("closing"));
  CHECK(Phase::done == b.callgen.phase());
}

TEST(Callgen, a_caller_learns_that_an_agent_answered_him) {
  Bench b(R"(rate = 1; curve = "constant"; calls = 1; agents = 1
    function caller(c) c:dial("1", {calling = "555"}) c:wait_answer() if c:wait_agent(30) then mark("agent") c:talk(1) end end
    function agent(a) a:wait_ring() a:answer() a:wait_gone(20) end)");
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(1010ms);
  const LegId leg = b.board.last_leg;
  b.board.say(evt::Seized{leg, "e1a", 1, 1});
  b.board.say(evt::Answered{leg});
  b.board.say(evt::Offered{LegId{1}, "phones", 1, 0, "", "555", "", true, board::LineKind::line});
  b.board.say(evt::Answered{LegId{1}});
  CHECK_EQUAL(1, b.callgen.progress().marks.at("agent"));
  CHECK_EQUAL(1, b.callgen.progress().counters.with_agent);
  b.run(1100ms);
  b.board.say(evt::Released{leg, 16, false, ""});
  CHECK_EQUAL(1, b.rows.calls.at(0).agent);
  CHECK_EQUAL(agent_hz(1), b.rows.calls.at(0).agent_hz);
}

TEST(Callgen, a_called_party_rings_answers_and_has_a_row) {
  Bench b(R"(rate = 0; function agent(a) end
    function called(p) p:alert() p:wait(2) p:answer() p:talk(1) p:hangup() end)");
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.board.say(evt::Offered{LegId{5}, "e1a", 30, 9, "center", "4006001", "13900000002", true, board::LineKind::trunk});
  CHECK_EQUAL(1, b.board.all<cmd::Alert>().size());
  b.run(2100ms);
  CHECK_EQUAL(1, b.board.all<cmd::Answer>().size());
  b.board.say(evt::Answered{LegId{5}});
  b.run(1100ms);
  b.board.say(evt::Released{LegId{5}, 16, false, ""});
  CHECK_EQUAL(1, b.rows.calls.size());
  STRCMP_EQUAL("out", b.rows.calls[0].direction.c_str());
  CHECK_TRUE(b.rows.calls[0].alerting_at.has_value() && b.rows.calls[0].connected_at.has_value());
}

TEST(Callgen, a_lost_line_ends_the_call_and_the_agent_hears_of_its_return) {
  Bench b(R"(rate = 0; agents = 1
    function agent(a) while true do local ok, why = a:wait_ring() mark(why or "ring") if why == "closing" then return end if ok then a:answer() a:wait_gone() end end end)", 60);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(10ms);
  b.board.say(evt::Offered{LegId{1}, "phones", 1, 0, "", "5", "", true, board::LineKind::line});
  b.board.say(evt::Answered{LegId{1}});
  b.board.say(evt::Alarm{"phones", board::AlarmKind::red, true});
  b.board.say(evt::Released{LegId{1}, 27, false, "carrier lost"});
  b.board.say(evt::Alarm{"phones", board::AlarmKind::red, false});
  CHECK_EQUAL(1, b.callgen.progress().marks.at("line"));
  CHECK_EQUAL(1, b.callgen.progress().counters.carrier_losses);
}

TEST(Callgen, a_line_is_back_when_the_last_of_its_faults_is_over) {
  using enum board::AlarmKind;
  Bench b(R"(rate = 0; agents = 1; function agent(a) while true do local ok, why = a:wait_ring() mark(why) if why == "closing" then return end end end)", 60);
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(10ms);
  const auto back = [&] {
    const auto marks = b.callgen.progress().marks;
    const auto line = marks.find("line");
    return line == marks.end() ? std::uint64_t{} : std::uint64_t{line->second};
  };
  for (const auto kind : {red, d_channel_down}) b.board.say(evt::Alarm{"e1a", kind, true});
  b.board.say(evt::Alarm{"e1a", red, false});
  CHECK_EQUAL(0, back());
  b.board.say(evt::Alarm{"e1b", los, true});
  b.board.say(evt::Alarm{"e1b", los, false});
  CHECK_EQUAL(1, back());
  b.board.say(evt::Alarm{"e1a", d_channel_down, false});
  CHECK_EQUAL(2, back());
  b.board.say(evt::Alarm{"e1a", d_channel_down, false});
  CHECK_EQUAL(2, back());
  CHECK_EQUAL(2, b.callgen.progress().counters.carrier_losses);
}

TEST(Callgen, the_first_caller_comes_when_no_channel_waits_for_a_restart) {
  Bench b("rate = 10; curve = \"constant\"; calls = 1; function caller(c) c:dial(\"1\", {calling = \"2\"}) end", 60);
  CHECK_TRUE(b.callgen.load().has_value());
  board::Snapshot lines;
  lines.spans.push_back({.span = "e1a", .kind = "e1", .group = "center", .in_service = true, .d_channel_up = true, .alarms = {}, .channels = 30, .in_use = 0, .counters = {{"restarts_pending", 3}}});
  b.callgen.listener().on_snapshot(lines);
  b.callgen.start(true);
  b.run(2s);
  CHECK_EQUAL(0, b.board.all<cmd::Dial>().size());
  lines.spans[0].counters["restarts_pending"] = 0;
  b.callgen.listener().on_snapshot(lines);
  b.run(2s);
  CHECK_EQUAL(1, b.board.all<cmd::Dial>().size());
}

TEST(Callgen, drains_then_hangs_up_whoever_is_left_at_the_limit) {
  Bench b(R"(rate = 1; curve = "constant"; calls = 1; drain = 5
    function caller(c) c:dial("1", {calling = "2"}) c:wait_answer() c:wait_cleared() end)", 2);
  CHECK_TRUE(b.callgen.load().has_value());
  bool done = false;
  b.callgen.start(false, [&] { done = true; });
  b.run(1100ms);
  const LegId leg = b.board.last_leg;
  b.board.say(evt::Seized{leg, "e1a", 1, 1});
  b.board.say(evt::Answered{leg});
  b.run(5s);
  CHECK(Phase::draining == b.callgen.phase());
  CHECK_EQUAL(0, b.board.all<cmd::Clear>().size());
  b.run(2s);
  CHECK_EQUAL(1, b.board.all<cmd::Clear>().size());
  b.board.say(evt::Released{leg, 16, false, ""});
  b.run(1s);
  CHECK_TRUE(done);
}

TEST(Callgen, the_same_seed_makes_the_same_callers) {
  std::vector<std::string> first;
  for (int round = 0; round < 2; ++round) {
    Bench b(R"(rate = 20; curve = "waves"; function caller(c) c:dial(tostring(c:random(1, 1000)), {calling = "x" .. c:random(1, 1000000)}) end)", 5);
    CHECK_TRUE(b.callgen.load().has_value());
    b.callgen.start(false);
    b.run(5s);
    std::vector<std::string> made;
    for (const auto& d : b.board.all<cmd::Dial>()) made.push_back(d.called + d.calling);
    CHECK_TRUE(made.size() > 50);
    if (round == 0) first = made;
    else CHECK_TRUE(first == made);
  }
}

TEST(Callgen, a_scenario_that_does_not_compile_is_named_with_its_line) {
  Bench b("rate = 1\nfunction caller(c)\n  c:dial(\nend\n");
  const auto status = b.callgen.load();
  CHECK_FALSE(status.has_value());
  STRCMP_CONTAINS(".lua:4", status.error().where.c_str());
}

TEST(Callgen, a_scenario_without_people_and_an_unknown_curve_are_refused) {
  Bench nobody("rate = 1");
  CHECK_FALSE(nobody.callgen.load().has_value());
  Bench curve("curve = 'square'; function caller(c) end");
  CHECK_FALSE(curve.callgen.load().has_value());
}

TEST(Callgen, an_error_or_an_endless_loop_ends_that_person_only) {
  sr::log::set_level(sr::log::Level::off);
  Bench b(R"(rate = 1; curve = "constant"; calls = 3
    function caller(c)
      if c:index() == 1 then c:nonsense() end
      if c:index() == 2 then while true do end end
      c:dial("1", {calling = "9"})
    end)");
  CHECK_TRUE(b.callgen.load().has_value());
  b.callgen.start(false);
  b.run(4s);
  sr::log::set_level(sr::log::Level::info);
  CHECK_EQUAL(2, b.callgen.progress().counters.script_errors);
  CHECK_EQUAL(1, b.board.all<cmd::Dial>().size());
}

TEST(Callgen, callers_that_are_held_back_come_when_they_may_and_find_the_agents_there) {
  Bench b("rate = 10; curve = 'constant'; agents = 2\nfunction caller(c) c:dial('4006001') end\nfunction agent(a) mark('at the phone') a:wait_ring() end");
  CHECK_TRUE(b.callgen.load().has_value());
  bool may = false;
  b.callgen.hold_callers_until([&may] { return may; });
  b.callgen.start(false);
  b.run(5s);
  CHECK_EQUAL(2, b.callgen.progress().marks.at("at the phone"));
  CHECK_EQUAL(0, b.callgen.progress().counters.attempts);
  CHECK_TRUE(b.callgen.phase() == Phase::waiting);
  DOUBLES_EQUAL(0, b.callgen.progress().elapsed_s, 1e-9);
  may = true;
  b.run(kPhaseStep + 1s);
  CHECK_TRUE(b.callgen.phase() == Phase::calling);
  CHECK_TRUE(b.callgen.progress().counters.attempts >= 9);
}
