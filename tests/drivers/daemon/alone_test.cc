// The Alone table: each row, on a core whose ctid is away.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/daemon/fakes.h"

#include "drivers/daemon/alone.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
using daemon::AloneAct;
using daemon::Happening;

namespace {
constexpr Mode kModes[] = {Mode::none, Mode::script, Mode::queued, Mode::alerting, Mode::connected};
using Acts = std::vector<std::string>;
}  // namespace

TEST_GROUP(Alone) {
  Rig rig;
  void setup() override { rig.start(); }
  void tag(LegId leg, std::uint64_t call, Mode mode) { rig.core->send(cmd::SetTag{leg, {call, mode}}); }
  Acts back() {  // what ctid reads on its return
    rig.core->attach(rig.ctid);
    rig.run();
    return rig.ctid.acts();
  }
  void expect(const Acts& wanted) {
    const Acts got = back();
    CHECK_EQUAL(wanted.size(), got.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) CHECK_EQUAL(wanted[i], got[i]);
  }
};

TEST(Alone, one_party_hangs_up_and_the_other_is_released_with_16) {
  const LegId caller = rig.up();
  const LegId agent = rig.phone_up(1, 900);
  tag(caller, 5, Mode::connected);
  tag(agent, 5, Mode::connected);
  rig.core->send(cmd::Connect{caller, agent});
  rig.core->detach();
  rig.trunk().observer.released(caller, 16, true, "");
  CHECK(rig.bank().did("clear 900 16"));
  expect({"900 released"});
}

TEST(Alone, the_agent_hangs_up_and_the_caller_is_released) {
  const LegId caller = rig.up();
  const LegId agent = rig.phone_up(1, 900);
  tag(caller, 5, Mode::connected);
  tag(agent, 5, Mode::connected);
  rig.core->send(cmd::Connect{caller, agent});
  rig.core->detach();
  rig.bank().observer.released(agent, 16, true, "");
  CHECK(rig.trunk().did("clear 1 16"));
  expect({"1 released"});
}

TEST(Alone, a_caller_who_gives_up_takes_the_ringing_phone_with_him) {
  const LegId caller = rig.up();
  tag(caller, 5, Mode::queued);
  rig.core->send(cmd::Ring{LegId{900}, "1001", "", "", {5, Mode::alerting}});
  rig.core->detach();
  rig.trunk().observer.released(caller, 16, true, "");
  CHECK(rig.bank().did("clear 900 16"));
}

TEST(Alone, a_queued_caller_stays_when_the_phone_that_rang_for_him_is_gone) {
  const LegId caller = rig.up();
  tag(caller, 5, Mode::queued);
  rig.core->send(cmd::Music{caller});
  rig.core->send(cmd::Ring{LegId{900}, "1001", "", "", {5, Mode::alerting}});
  rig.core->detach();
  rig.bank().observer.released(LegId{900}, 27, true, "");
  CHECK(!rig.trunk().did("clear 1 16"));
  expect({});
}

TEST(Alone, a_conference_of_two_that_remain_goes_on) {
  const LegId caller = rig.up();
  const LegId a = rig.phone_up(1, 900), b = rig.phone_up(2, 901);
  for (const LegId leg : {caller, a, b}) {
    tag(leg, 5, Mode::connected);
    rig.core->send(cmd::Join{leg, 7, ConferenceRole::talk});
  }
  rig.core->detach();
  rig.bank().observer.released(b, 16, true, "");
  CHECK(!rig.trunk().did("clear 1 16"));
  rig.bank().observer.released(a, 16, true, "");
  CHECK(rig.trunk().did("clear 1 16"));
}

TEST(Alone, a_queued_leg_keeps_its_music) {
  const LegId caller = rig.up();
  tag(caller, 5, Mode::queued);
  rig.core->send(cmd::Music{caller});
  rig.media.log.clear();
  rig.core->detach();
  rig.run(60s);
  CHECK(rig.media.log.empty());
  expect({});
}

TEST(Alone, a_queued_leg_that_hears_an_announcement_gets_music_after_it) {
  const LegId caller = rig.up();
  tag(caller, 5, Mode::queued);
  rig.core->send(cmd::Play{caller, 3, {"zh/wait"}, false});
  rig.core->detach();
  CHECK(!rig.media.did("music 0/1"));
  rig.media.handler.on_event(media::evt::PlayEnded{static_cast<media::Slot>(1), rig.media.last_play.play, media::evt::PlayEnd::done, 900});
  CHECK(rig.media.did("music 0/1"));
  expect({"1 music"});
}

TEST(Alone, a_leg_in_a_script_gets_music_at_once) {
  const LegId caller = rig.up();
  tag(caller, 5, Mode::script);
  rig.core->send(cmd::Play{caller, 3, {"zh/menu"}, true});
  rig.core->detach();
  CHECK(rig.media.did("music 0/1"));
  expect({"1 music"});
}

TEST(Alone, a_connected_call_is_left_as_it_is) {
  const LegId caller = rig.up();
  const LegId agent = rig.phone_up(1, 900);
  tag(caller, 5, Mode::connected);
  tag(agent, 5, Mode::connected);
  rig.core->send(cmd::Connect{caller, agent});
  rig.media.log.clear();
  rig.core->detach();
  rig.run(60s);
  CHECK(rig.media.log.empty());
  expect({});
}

TEST(Alone, a_phone_that_goes_off_hook_gets_congestion) {
  rig.core->detach();
  CHECK(rig.bank().alone);
  rig.bank().observer.channel_tone(2, "congestion");
  CHECK(rig.media.did("tone 1/2 10"));
  const auto acts = back();
  CHECK_EQUAL(1u, acts.size());
  CHECK_EQUAL(std::string("0 congestion"), acts[0]);
  CHECK(!rig.bank().alone);
}

TEST(Alone, a_phone_in_the_middle_of_dialling_gets_congestion) {
  auto& o = rig.bank().observer;
  const LegId leg = o.new_leg();
  o.initiated(leg, 2, "1002");
  rig.run();
  rig.core->detach();
  CHECK(rig.media.did("tone 1/2 10"));
  expect({"1 congestion"});
}

TEST(Alone, a_new_setup_is_spooled_proceeded_alerted_and_answered_with_the_fallback_after_10_s) {
  rig.core->detach();
  const LegId leg = rig.offer();
  CHECK_EQUAL(1u, rig.disk.events.size());
  CHECK(rig.trunk().did("booked 1"));
  CHECK(rig.trunk().did("alert 1"));
  rig.run(9900ms);
  CHECK(!rig.trunk().did("answer 1"));
  rig.run(200ms);
  CHECK(rig.trunk().did("answer 1"));
  CHECK(!rig.media.did("play 0/1 1"));  // not before the answer is through
  rig.trunk().observer.answered(leg);
  CHECK(rig.media.did("play 0/1 1"));
  rig.media.handler.on_event(media::evt::PlayEnded{static_cast<media::Slot>(1), rig.media.last_play.play, media::evt::PlayEnd::done, 3000});
  CHECK(rig.media.did("music 0/1"));
  expect({"1 spooled", "1 alerted", "1 fallback", "1 music"});
  CHECK_EQUAL(0, rig.ctid.count<evt::PlayEnded>());  // ctid did not ask for this announcement
}

TEST(Alone, without_the_announcement_the_caller_gets_music) {
  Rig bare{{.fallback_prompt = "zh/none"}};
  bare.start();
  bare.core->detach();
  const LegId leg = bare.offer();
  bare.run(11s);
  bare.trunk().observer.answered(leg);
  CHECK(bare.media.did("music 0/1"));
}

TEST(Alone, a_call_that_was_not_answered_yet_is_treated_like_a_new_one) {
  rig.offer();
  rig.ack();
  rig.core->detach();
  CHECK(rig.trunk().did("alert 1"));
  rig.run(10s);
  CHECK(rig.trunk().did("answer 1"));
  expect({"1 alerted", "1 fallback"});
}

TEST(Alone, an_unbooked_call_is_spooled_at_once_when_ctid_goes) {
  rig.offer();
  rig.core->detach();
  rig.run();
  CHECK_EQUAL(1u, rig.disk.events.size());
  expect({"1 spooled", "1 alerted"});
}

TEST(Alone, a_phone_that_answers_waits_with_music) {
  rig.core->send(cmd::Ring{LegId{900}, "1001", "", "", {5, Mode::alerting}});
  rig.core->detach();
  rig.bank().observer.answered(LegId{900});
  CHECK(rig.media.did("music 1/1"));
  expect({"900 music"});
}

TEST(Alone, a_leg_that_is_being_called_goes_on) {
  rig.core->send(cmd::Dial{LegId{900}, "city", "", "13900000000", {5, Mode::alerting}});
  rig.core->detach();
  rig.run(60s);
  CHECK(!rig.trunk().did("clear 900 16"));
  expect({});
}

TEST(Alone, when_ctid_is_back_in_time_the_fallback_is_its_own_again) {
  rig.core->detach();
  rig.offer();
  rig.run(5s);
  back();
  rig.run(60s);
  CHECK(!rig.trunk().did("answer 1"));
}

TEST(Alone, acts_carry_their_time) {
  rig.core->detach();
  const Instant then = rig.timers.now();
  rig.offer();
  rig.run(30s);
  back();
  for (const auto& e : rig.ctid.events)
    if (std::holds_alternative<evt::Alone>(e.event)) CHECK(e.at < then + 11s);
}

TEST(Alone, the_table_says_what_the_document_says) {
  for (const Mode m : kModes) {
    CHECK(daemon::alone_act(Happening::lost_unanswered, m) == AloneAct::alert);
    CHECK(daemon::alone_act(Happening::offered, m) == AloneAct::alert);
    CHECK(daemon::alone_act(Happening::waited, m) == AloneAct::fallback);
    CHECK(daemon::alone_act(Happening::lost_dialling, m) == (m == Mode::none || m == Mode::script ? AloneAct::congestion : AloneAct::keep));
    CHECK(daemon::alone_act(Happening::off_hook, m) == AloneAct::congestion);
    CHECK(daemon::alone_act(Happening::lost_outgoing, m) == AloneAct::keep);
    const bool connected = m == Mode::connected;
    CHECK(daemon::alone_act(Happening::answered, m) == (connected ? AloneAct::keep : AloneAct::music));
    CHECK(daemon::alone_act(Happening::prompt_ended, m) == (connected ? AloneAct::keep : AloneAct::music));
  }
  CHECK(daemon::alone_act(Happening::lost_answered, Mode::script) == AloneAct::music);
  CHECK(daemon::alone_act(Happening::lost_answered, Mode::queued) == AloneAct::music_after);
  CHECK(daemon::alone_act(Happening::lost_answered, Mode::connected) == AloneAct::keep);
  CHECK(daemon::alone_act(Happening::other_gone, Mode::connected) == AloneAct::release);
  CHECK(daemon::alone_act(Happening::other_gone, Mode::alerting) == AloneAct::release);
  CHECK(daemon::alone_act(Happening::other_gone, Mode::queued) == AloneAct::music_after);
  CHECK(daemon::alone_act(Happening::other_gone, Mode::script) == AloneAct::music);
}
