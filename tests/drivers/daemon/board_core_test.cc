// Commands and events of the board, on fakes. SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/daemon/fakes.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

TEST_GROUP(BoardCore) {
  Rig rig;
  void setup() override { rig.start(); }
  void released_is(std::uint64_t leg, int cause, const char* why = nullptr) {
    rig.run();
    const auto* r = rig.ctid.last<evt::Released>();
    CHECK(r != nullptr);
    CHECK_EQUAL(leg, to_number(r->leg));
    CHECK_EQUAL(cause, r->cause);
    if (why != nullptr) STRCMP_EQUAL(why, r->why.c_str());
  }
  void dial(std::uint64_t leg, const std::string& group = "city") { rig.core->send(cmd::Dial{LegId{leg}, group, "4006001", "139", {}}); }
  media::Slot slot(int n) { return static_cast<media::Slot>(n); }
};

// ---- legs --------------------------------------------------------------------------------------------------------------------

TEST(BoardCore, legs_of_the_line_are_numbered_from_one) {
  CHECK_EQUAL(1u, to_number(rig.offer(1)));
  CHECK_EQUAL(2u, to_number(rig.offer(2)));
}

TEST(BoardCore, a_media_place_opens_with_the_call_and_closes_with_it) {
  const LegId leg = rig.offer(3);
  CHECK(rig.media.did("open 0/3"));
  rig.trunk().observer.released(leg, 16, true, "");
  CHECK_EQUAL(std::string("close 0/3"), rig.media.log.back());
  CHECK_EQUAL(0u, rig.core->legs());
  released_is(1, 16);
}

TEST(BoardCore, a_setup_without_a_channel_is_offered_and_booked_but_has_no_audio) {
  auto& o = rig.trunk().observer;
  const LegId leg = o.new_leg();
  o.offered(leg, 0, 9, "138", "400", true);
  rig.run();
  rig.core->send(cmd::Music{leg});
  rig.ack();
  CHECK(rig.trunk().did("booked 1"));
  CHECK(rig.media.log.empty());
  o.released(leg, 34, false, "no_channel");
  released_is(1, 34);
}

TEST(BoardCore, dial_takes_the_highest_free_channel_on_the_user_side) {
  dial(900);
  CHECK(rig.trunk().did("dial 900 on 31 139"));
  CHECK(rig.media.did("open 0/31"));
}

TEST(BoardCore, dial_goes_on_to_the_next_channel_when_signalling_refuses) {
  rig.trunk().refuse = {31};
  rig.trunk().not_idle = {30};
  dial(900);
  CHECK(rig.trunk().did("dial 900 on 29 139"));
  CHECK(rig.media.did("close 0/31"));
  CHECK(!rig.media.did("open 0/30"));
}

TEST(BoardCore, dial_may_name_one_channel) {
  dial(900, "e1-1/7");
  CHECK(rig.trunk().did("dial 900 on 7 139"));
  dial(901, "e1-1/7");
  released_is(901, 34, "e1-1/7 is in use");
  dial(902, "e1-1/16");
  released_is(902, 34, "e1-1/16 carries no calls");
  dial(903, "e1-1/x");
  released_is(903, 34, "no trunk group 'e1-1/x'");
  dial(904, "e9/1");
  released_is(904, 34, "no span 'e9'");
  rig.core->send(cmd::Busyout{"e1-1", 8, true});
  dial(905, "e1-1/8");
  released_is(905, 34, "e1-1/8 is busied out");
  rig.trunk().up = false;
  dial(906, "e1-1/9");
  released_is(906, 34, "e1-1 is out of service");
}

TEST(BoardCore, dial_without_a_free_channel_is_released_with_34) {
  for (int c = 1; c <= 31; ++c)
    if (c != 16) rig.offer(c);
  dial(900);
  released_is(900, 34, "no free channel");
  dial(901, "nobody");
  released_is(901, 34, "no trunk group 'nobody'");
}

TEST(BoardCore, dial_on_a_span_out_of_service_is_released_with_34) {
  rig.trunk().up = false;
  dial(900);
  released_is(900, 34);
}

TEST(BoardCore, a_leg_number_that_is_taken_is_refused) {
  dial(900);
  dial(900);
  CHECK_EQUAL(1u, rig.core->counters().refused_commands);
  CHECK_EQUAL(1, std::ranges::count_if(rig.trunk().log, [](const std::string& s) { return s.starts_with("dial 900"); }));
}

TEST(BoardCore, ring_on_a_busy_station_is_released_with_17) {
  rig.phone_up(1, 900);
  rig.core->send(cmd::Ring{LegId{901}, "1001", "", "", {}});
  released_is(901, 17);
  rig.bank().not_idle = {2};  // off-hook, howler: the line's own
  rig.core->send(cmd::Ring{LegId{902}, "1002", "", "", {}});
  released_is(902, 17);
  rig.core->send(cmd::Ring{LegId{903}, "9999", "", "", {}});
  released_is(903, 1);
}

TEST(BoardCore, a_command_for_a_leg_that_is_gone_does_nothing_but_count) {
  const LegId leg = rig.up();
  rig.trunk().observer.released(leg, 16, true, "");
  const auto before = rig.media.log.size();
  rig.core->send(cmd::Clear{leg, 16});
  rig.core->send(cmd::Play{leg, 1, {"zh/a"}, false});
  rig.core->send(cmd::Connect{leg, leg});
  CHECK_EQUAL(before, rig.media.log.size());
  CHECK_EQUAL(4u, rig.core->counters().late_commands);
}

// ---- glare -------------------------------------------------------------------------------------------------------------------

TEST(BoardCore, a_lost_glare_is_dialled_once_on_another_channel) {
  dial(900);
  rig.trunk().observer.glare_lost(LegId{900});
  rig.run();
  CHECK(rig.trunk().did("dial 900 on 30 139"));  // 31 is idle again but not tried twice
  CHECK_EQUAL(0, rig.ctid.count<evt::Released>());
}

TEST(BoardCore, a_second_lost_glare_is_released_with_44) {
  dial(900);
  rig.trunk().observer.glare_lost(LegId{900});
  rig.run();
  rig.trunk().observer.glare_lost(LegId{900});
  released_is(900, 44);
  CHECK_EQUAL(0u, rig.core->legs());
}

TEST(BoardCore, a_lost_glare_without_another_channel_is_released_with_44) {
  for (int c = 1; c <= 30; ++c)
    if (c != 16) rig.offer(c);
  dial(900);
  rig.trunk().observer.glare_lost(LegId{900});
  released_is(900, 44);
}

TEST(BoardCore, clear_between_the_two_tries_is_obeyed) {
  dial(900);
  rig.trunk().observer.glare_lost(LegId{900});
  rig.core->send(cmd::Clear{LegId{900}, 16});
  released_is(900, 16);
  CHECK(!rig.trunk().did("dial 900 on 30 139"));
}

TEST(BoardCore, the_exchange_may_name_another_channel_in_its_first_reply) {
  dial(900);
  rig.trunk().observer.seized(LegId{900}, 5, 77);
  CHECK(rig.media.did("close 0/31"));
  CHECK(rig.media.did("open 0/5"));
  rig.run();
  CHECK_EQUAL(5, rig.ctid.last<evt::Seized>()->channel);
}

// ---- what a leg hears ----------------------------------------------------------------------------------------------------------

TEST(BoardCore, a_prompt_ends_under_ctids_number) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Play{leg, 42, {"zh/a", "zh/b"}, true});
  CHECK(rig.media.did("play 0/1 2"));
  rig.media.handler.on_event(media::evt::PlayEnded{slot(1), rig.media.last_play.play, media::evt::PlayEnd::barged, 1200});
  rig.run();
  const auto* e = rig.ctid.last<evt::PlayEnded>();
  CHECK_EQUAL(42u, e->play);
  CHECK(e->end == PlayEnd::barged);
  CHECK_EQUAL(1200, e->played_ms);
}

TEST(BoardCore, a_missing_prompt_fails_with_its_reason) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Play{leg, 42, {"zh/none"}, false});
  rig.run();
  const auto* e = rig.ctid.last<evt::PlayEnded>();
  CHECK(e->end == PlayEnd::failed);
  CHECK(e->why.find("zh/none") != std::string::npos);
  rig.core->send(cmd::Play{leg, 43, std::vector<std::string>(33, "zh/a"), false});
  rig.run();
  CHECK_EQUAL(43u, rig.ctid.last<evt::PlayEnded>()->play);
}

TEST(BoardCore, a_late_answer_of_the_engine_is_not_taken_for_the_next_call) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Play{leg, 42, {"zh/a"}, false});
  const auto old = rig.media.last_play.play;
  rig.trunk().observer.released(leg, 16, true, "");
  rig.up();
  rig.media.handler.on_event(media::evt::PlayEnded{slot(1), old, media::evt::PlayEnd::stopped, 10});
  rig.run();
  CHECK_EQUAL(0, rig.ctid.count<evt::PlayEnded>());
  CHECK_EQUAL(1u, rig.core->counters().stale_media_events);
}

TEST(BoardCore, tone_music_silence_dtmf_reach_the_engine) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Tone{leg, "ringback"});
  rig.core->send(cmd::Music{leg});
  rig.core->send(cmd::Silence{leg});
  rig.core->send(cmd::SendDtmf{leg, "12,3#"});
  CHECK(rig.media.did("tone 0/1 8"));
  CHECK(rig.media.did("music 0/1"));
  CHECK(rig.media.did("silence 0/1"));
  CHECK(rig.media.did("dtmf 0/1 12,3#"));
}

TEST(BoardCore, nonsense_is_refused_and_counted) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Tone{leg, "nonsense"});
  rig.core->send(cmd::SendDtmf{leg, "12x"});
  rig.core->send(cmd::SendDtmf{leg, std::string(41, '1')});
  rig.core->send(cmd::Connect{leg, leg});
  rig.core->send(cmd::Busyout{"e1-1", 16, true});
  rig.core->send(cmd::Restart{"nowhere", 1});
  CHECK_EQUAL(6u, rig.core->counters().refused_commands);
}

TEST(BoardCore, a_full_ring_is_counted_and_alarmed) {
  const LegId leg = rig.up();
  rig.media.full = true;
  rig.core->send(cmd::Play{leg, 42, {"zh/a"}, false});
  rig.media.full = false;
  rig.run();
  CHECK(rig.ctid.last<evt::PlayEnded>()->end == PlayEnd::failed);
  CHECK(rig.ctid.last<evt::Alarm>()->alarm == AlarmKind::ring_full);
  rig.run(2s);
  CHECK(!rig.ctid.last<evt::Alarm>()->raised);
}

TEST(BoardCore, phones_are_always_listened_to) {
  const LegId leg = rig.phone_up(2, 900);
  CHECK(rig.media.did("detect 1/2 true false"));
  rig.media.handler.on_event(media::evt::Digit{slot(34), '7', 90});
  rig.run();
  CHECK(rig.bank().did("digit_heard 900"));
  CHECK_EQUAL('7', rig.ctid.last<evt::Digit>()->digit);
  CHECK(rig.ctid.last<evt::Digit>()->leg == leg);
}

TEST(BoardCore, a_caller_is_listened_to_in_a_script_and_when_ctid_says_so) {
  const LegId leg = rig.up();
  CHECK(!rig.media.did("detect 0/1 true false"));
  rig.core->send(cmd::SetTag{leg, {1, Mode::script}});
  CHECK_EQUAL(std::string("detect 0/1 true false"), rig.media.log.back());
  rig.core->send(cmd::SetTag{leg, {1, Mode::queued}});
  CHECK_EQUAL(std::string("detect 0/1 false false"), rig.media.log.back());
  rig.core->send(cmd::Detect{leg, true, true});
  CHECK_EQUAL(std::string("detect 0/1 true true"), rig.media.log.back());
  rig.media.handler.on_event(media::evt::Activity{slot(1), true});
  rig.run();
  CHECK(rig.ctid.last<evt::Activity>()->on);
}

TEST(BoardCore, the_lines_own_tone_sounds_while_the_leg_is_silent) {
  auto& o = rig.bank().observer;
  o.channel_tone(1, "dial");  // before its leg is known
  const LegId leg = o.new_leg();
  o.initiated(leg, 1, "1001");
  CHECK_EQUAL(std::string("tone 1/1 4"), rig.media.log.back());
  o.channel_tone(1, "");
  CHECK_EQUAL(std::string("silence 1/1"), rig.media.log.back());
  rig.core->send(cmd::Music{leg});
  o.channel_tone(1, "busy");  // comes before the released
  CHECK_EQUAL(std::string("music 1/1"), rig.media.log.back());
  o.released(leg, 16, false, "");
  CHECK_EQUAL(std::string("tone 1/1 4"), rig.media.log.back());
  o.channel_tone(1, "");
  CHECK_EQUAL(std::string("close 1/1"), rig.media.log.back());
}

// ---- connections -----------------------------------------------------------------------------------------------------------------

TEST(BoardCore, when_a_connected_leg_clears_the_other_stays_for_ctid_to_decide) {
  const LegId caller = rig.up();
  const LegId agent = rig.phone_up(1, 900);
  rig.core->send(cmd::Connect{caller, agent});
  CHECK(rig.media.did("connect 0/1 1/1"));
  CHECK(rig.core->snapshot().legs[0].connected_to == agent);
  rig.bank().observer.released(agent, 16, true, "");
  CHECK_EQUAL(1u, rig.core->legs());
  CHECK(rig.core->snapshot().legs[0].connected_to == LegId::none);
  CHECK(!rig.trunk().did("clear 1 16"));
}

TEST(BoardCore, a_new_connection_takes_both_out_of_their_old_ones) {
  const LegId caller = rig.up();
  const LegId a = rig.phone_up(1, 900), b = rig.phone_up(2, 901);
  rig.core->send(cmd::Connect{caller, a});
  rig.core->send(cmd::Connect{b, caller});
  const auto s = rig.core->snapshot();
  CHECK(s.legs[0].connected_to == b);
  CHECK(s.legs[1].connected_to == LegId::none);
  rig.core->send(cmd::Disconnect{b});
  CHECK(rig.media.did("disconnect 1/2"));
  CHECK(rig.core->snapshot().legs[0].connected_to == LegId::none);
}

TEST(BoardCore, a_conference_takes_sixteen) {
  for (int c = 1; c <= 18; ++c) {
    if (c == 16) continue;
    const LegId leg = rig.up(c);
    rig.core->send(cmd::Join{leg, 5, c == 1 ? ConferenceRole::listen : ConferenceRole::talk});
  }
  CHECK(rig.media.did("join 0/1 5 false"));
  CHECK(rig.media.did("join 0/17 5 true"));
  CHECK(!rig.media.did("join 0/18 5 true"));
  CHECK_EQUAL(1u, rig.core->counters().refused_commands);
  rig.trunk().observer.released(LegId{1}, 16, true, "");
  rig.core->send(cmd::Join{LegId{17}, 5, ConferenceRole::talk});
  CHECK(rig.media.did("join 0/18 5 true"));
}

TEST(BoardCore, listen_hears_the_target) {
  const LegId caller = rig.up();
  const LegId boss = rig.phone_up(1, 900);
  rig.core->send(cmd::Listen{boss, caller, ListenAs::listen});
  CHECK(rig.media.did("listen 1/1 0/1 0"));
}

TEST(BoardCore, a_listener_changes_how_he_is_heard_without_a_gap_and_the_snapshot_tells_it) {
  const LegId caller = rig.up();
  const LegId boss = rig.phone_up(1, 900);
  const auto shown = [&] {
    for (const auto& leg : rig.core->snapshot().legs)
      if (leg.leg == boss) return leg;
    return LegSnapshot{};
  };
  CHECK(!shown().listens_to);
  rig.core->send(cmd::Listen{boss, caller, ListenAs::whisper});
  rig.core->send(cmd::Listen{boss, caller, ListenAs::barge});
  CHECK(rig.media.did("listen 1/1 0/1 1") && rig.media.did("listen 1/1 0/1 2"));
  CHECK(!rig.media.did("disconnect 1/1"));
  CHECK(shown().listens_to == caller && shown().listens_as == ListenAs::barge);
  rig.core->send(cmd::Disconnect{boss});
  CHECK(rig.media.did("disconnect 1/1"));
  CHECK(!shown().listens_to);
  rig.core->send(cmd::Listen{boss, caller, ListenAs::listen});
  rig.trunk().observer.released(caller, 16, true, "");
  CHECK(!shown().listens_to);  // he hears silence; ctid decides
}

// ---- recording ---------------------------------------------------------------------------------------------------------------------

TEST(BoardCore, a_recording_that_outlives_its_leg_ends_as_released) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Record{leg, "a/b.wav", RecordPolicy::agent});
  CHECK(rig.media.did("record 0/1 1 true"));
  CHECK(rig.core->snapshot().legs[0].recording);
  rig.trunk().observer.released(leg, 16, true, "");
  rig.media.handler.on_record_done({.record = 1, .file = "a/b.wav", .duration_ms = 3000, .why = ""});
  rig.run();
  const auto* r = rig.ctid.last<evt::Recorded>();
  CHECK(r->end == RecordEnd::released);
  CHECK_EQUAL(3000, r->duration_ms);
  STRCMP_EQUAL("a/b.wav", r->file.c_str());
}

TEST(BoardCore, stop_record_ends_it_as_done_and_a_bad_file_as_failed) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Record{leg, "a.wav", RecordPolicy::whole});
  rig.core->send(cmd::StopRecord{leg});
  CHECK(rig.media.did("stop_record 0/1"));
  rig.media.handler.on_record_done({.record = 1, .file = "a.wav", .duration_ms = 5, .why = ""});
  rig.run();
  CHECK(rig.ctid.last<evt::Recorded>()->end == RecordEnd::done);
  rig.core->send(cmd::Record{leg, "bad", RecordPolicy::whole});
  rig.run();
  CHECK(rig.ctid.last<evt::Recorded>()->end == RecordEnd::failed);
}

TEST(BoardCore, a_low_disk_ends_the_recording_not_the_call) {
  const LegId leg = rig.up();
  rig.core->send(cmd::Record{leg, "a.wav", RecordPolicy::whole});
  rig.media.handler.on_disk_low(true);
  rig.media.handler.on_record_done({.record = 1, .file = "a.wav", .duration_ms = 5, .end = media::RecordDone::End::disk_low, .why = ""});
  rig.run();
  CHECK(rig.ctid.last<evt::Recorded>()->end == RecordEnd::disk_low);
  CHECK(rig.ctid.last<evt::Alarm>()->alarm == AlarmKind::disk_low);
  CHECK_EQUAL(1u, rig.core->legs());
  CHECK(!rig.core->snapshot().legs[0].recording);
}

// ---- spans -------------------------------------------------------------------------------------------------------------------------

TEST(BoardCore, the_time_with_all_trunks_busy_is_measured) {
  for (int c = 1; c <= 31; ++c)
    if (c != 16) rig.offer(c);
  const Instant full = rig.timers.now() - 1ms;
  rig.run(5s);
  rig.trunk().observer.released(LegId{4}, 16, true, "");
  rig.run();
  const auto* busy = rig.ctid.last<evt::AllBusy>();
  CHECK(busy != nullptr);
  STRCMP_EQUAL("e1-1", busy->span.c_str());
  CHECK(busy->since == full);
  CHECK(busy->lasted == 5001ms);
  const auto of_group = std::ranges::find_if(rig.ctid.events, [](const Envelope& e) { const auto* b = std::get_if<evt::AllBusy>(&e.event); return b && b->span.empty(); });
  CHECK(of_group != rig.ctid.events.end());
  const auto& group = std::get<evt::AllBusy>(of_group->event);
  STRCMP_EQUAL("|city|30", (group.span + "|" + group.group + "|" + std::to_string(group.channels)).c_str());
  CHECK(group.since == full && group.lasted == busy->lasted);
}

TEST(BoardCore, ctid_is_told_which_channels_could_carry_a_call) {
  LONGS_EQUAL(30, rig.core->snapshot().spans[0].usable.size());
  rig.offer(3);
  CHECK(rig.ctid.last<evt::Channels>() == nullptr);  // it is in use, and usable all the same
  rig.core->send(cmd::Busyout{"e1-1", 31, true});
  rig.run();
  const auto* channels = rig.ctid.last<evt::Channels>();
  LONGS_EQUAL(29, channels->usable.size());
  LONGS_EQUAL(30, channels->usable.back());
  LONGS_EQUAL(29, rig.core->snapshot().spans[0].usable.size());
  rig.core->send(cmd::Busyout{"e1-1", 31, false});
  rig.run();
  LONGS_EQUAL(30, rig.ctid.last<evt::Channels>()->usable.size());
}

TEST(BoardCore, busyout_takes_channels_out_of_hunting) {
  rig.core->send(cmd::Busyout{"e1-1", 31, true});
  CHECK(rig.trunk().did("busyout 31 true"));
  dial(900);
  CHECK(rig.trunk().did("dial 900 on 30 139"));
  rig.core->send(cmd::Busyout{"e1-1", 31, false});
  dial(901);
  CHECK(rig.trunk().did("dial 901 on 31 139"));
}

TEST(BoardCore, the_snapshot_names_what_is_busied_out) {
  for (const int channel : {3, 31}) rig.core->send(cmd::Busyout{"e1-1", channel, true});
  CHECK(rig.core->snapshot().spans[0].busied_out == (std::vector{3, 31}));
  rig.core->send(cmd::Busyout{"e1-1", 3, false});
  CHECK(rig.core->snapshot().spans[0].busied_out == std::vector{31});
  rig.core->send(cmd::Busyout{"e1-1", 0, true});
  CHECK_EQUAL(30u, rig.core->snapshot().spans[0].busied_out.size());
  CHECK(rig.core->snapshot().spans[1].busied_out.empty());
}

TEST(BoardCore, restart_of_channel_zero_is_all_channels) {
  rig.core->send(cmd::Restart{"e1-1", 0});
  CHECK(rig.trunk().did("restart 1"));
  CHECK(rig.trunk().did("restart 31"));
  CHECK(!rig.trunk().did("restart 16"));
}

TEST(BoardCore, a_d_channel_down_is_an_alarm_once) {
  rig.trunk().observer.d_channel(false);
  rig.trunk().observer.d_channel(false);
  rig.run();
  CHECK_EQUAL(1, rig.ctid.count<evt::Alarm>());
  CHECK_EQUAL(1u, rig.core->snapshot().spans[0].alarms.size());
  rig.trunk().observer.d_channel(true);
  rig.run();
  CHECK(!rig.ctid.last<evt::Alarm>()->raised);
  CHECK(rig.core->snapshot().spans[0].alarms.empty());
}

TEST(BoardCore, a_span_that_never_comes_up_is_an_alarm_too) {
  rig.trunk().up = false;
  rig.run(daemon::kStartGrace);
  CHECK(rig.ctid.last<evt::Alarm>()->alarm == AlarmKind::d_channel_down);
}

TEST(BoardCore, a_station_is_told_when_it_changes) {
  auto& o = rig.bank().observer;
  o.station_state("1003", false, true);
  o.station_state("1003", false, true);
  o.station_state("1003", true, true);
  rig.run();
  CHECK_EQUAL(2, rig.ctid.count<evt::StationState>());
  for (const auto& s : rig.core->snapshot().stations)
    CHECK_EQUAL(s.station == "1003", s.off_hook);
}

TEST(BoardCore, the_snapshot_says_everything_about_a_leg) {
  const LegId leg = rig.up(9);
  rig.core->send(cmd::SetTag{leg, {77, Mode::queued}});
  const auto s = rig.core->snapshot();
  CHECK_EQUAL(1u, s.legs.size());
  const auto& l = s.legs[0];
  CHECK(l.leg == leg && l.channel == 9 && l.span == "e1-1" && l.calling == "13800000000" && l.called == "4006001");
  CHECK(l.tag.call == 77 && l.tag.mode == Mode::queued && !l.outgoing && l.line == LineKind::trunk);
  CHECK_EQUAL(2u, s.spans.size());
  CHECK_EQUAL(30, s.spans[0].channels);
  CHECK_EQUAL(1, s.spans[0].in_use);
  CHECK_EQUAL(7u, s.spans[0].counters.at("blocks_in"));
  CHECK_EQUAL(2u, s.spans[0].counters.at("glare"));
  CHECK(s.spans[0].busied_out.empty());
  STRCMP_EQUAL("fxs", s.spans[1].kind.c_str());
  CHECK_EQUAL(4u, s.stations.size());
  CHECK_EQUAL(s.seq, rig.ctid.events.back().seq);
}

// ---- the end -----------------------------------------------------------------------------------------------------------------------

TEST(BoardCore, a_clean_stop_clears_with_41_and_ends_when_the_line_has_confirmed) {
  const LegId leg = rig.up();
  bool done = false;
  rig.core->stop([&] { done = true; });
  CHECK(rig.trunk().did("clear 1 41"));
  rig.run(1s);
  CHECK(!done);
  rig.trunk().observer.released(leg, 41, false, "");
  rig.run();
  CHECK(done);
  CHECK(rig.media.stopped);
}

TEST(BoardCore, a_clean_stop_does_not_wait_for_ever_and_refuses_new_calls) {
  rig.up();
  bool done = false;
  rig.core->stop([&] { done = true; });
  rig.offer(2);
  CHECK(rig.trunk().did("clear 2 41"));
  rig.run(daemon::kStopMax);
  CHECK(done);
}

TEST(BoardCore, a_span_in_a_group_is_hunted_before_the_call_is_refused) {
  Rig two{{}, true};
  two.start();
  two.core->send(cmd::Dial{LegId{900}, "city", "", "139", {}});
  CHECK(two.sigs[1]->did("dial 900 on 31 139"));  // user side: from the end of the last span
  two.sigs[1]->up = false;
  two.core->send(cmd::Dial{LegId{901}, "city", "", "139", {}});
  CHECK(two.trunk().did("dial 901 on 31 139"));
}
