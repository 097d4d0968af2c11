// Whole calls between two board cores: real libpri on both sides, real media, virtual time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>

#include "drivers/media/g711.h"
#include "tests/drivers/daemon/pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The share of a tone in one side of a stereo A-law recording, 0…1: a tone that sounds for three quarters of the time has 0.75.
double tone_share(const std::string& wav, int side, double frequency) {
  double re = 0, im = 0, all = 0;
  std::size_t n = 0;
  for (std::size_t i = media::kWavHeaderBytes + static_cast<std::size_t>(side); i < wav.size(); i += 2, ++n) {
    const double s = media::alaw_decode(static_cast<std::uint8_t>(wav[i]));
    const double phase = 2 * std::numbers::pi * frequency * static_cast<double>(n) / 8000;
    re += s * std::cos(phase);
    im += s * std::sin(phase);
    all += s * s;
  }
  return all == 0 ? 0 : 2 * (re * re + im * im) / (static_cast<double>(n) * all);
}

}  // namespace

TEST_GROUP(Call) {
  Pair pair;
};

TEST(Call, a_caller_is_offered_answered_and_clears) {
  const auto [in, out] = pair.call();
  const auto* offered = pair.ctid.last<evt::Offered>();
  STRCMP_EQUAL("4006001", offered->called.c_str());
  STRCMP_EQUAL("13800000000", offered->calling.c_str());
  CHECK_EQUAL(1, pair.ctid.count<evt::Answered>());
  CHECK_EQUAL(1, pair.far.count<evt::Answered>());
  pair.exchange->send(cmd::Clear{out, 16});
  pair.run(1s);
  CHECK(pair.ctid.last<evt::Released>()->by_far);
  CHECK_EQUAL(16, pair.ctid.last<evt::Released>()->cause);
  CHECK_EQUAL(0u, pair.center->legs());
  CHECK_EQUAL(0u, pair.exchange->legs());
}

TEST(Call, the_exchange_hears_nothing_before_the_acknowledgement) {
  pair.ctid.board = nullptr;  // ctid reads and does not acknowledge
  pair.dial();
  pair.run(300ms);
  CHECK_EQUAL(1, pair.ctid.count<evt::Offered>());
  CHECK_EQUAL(0, pair.far.count<evt::Proceeding>());
  const auto& e = pair.ctid.events.back();
  pair.center->send(cmd::Ack{e.epoch, e.seq});
  pair.run(50ms);
  CHECK_EQUAL(1, pair.far.count<evt::Proceeding>());
  CHECK(pair.disk.events.empty());
}

TEST(Call, the_exchange_hears_it_after_the_spool_when_ctid_is_silent) {
  pair.ctid.board = nullptr;
  pair.dial();
  pair.run(380ms);
  CHECK_EQUAL(0, pair.far.count<evt::Proceeding>());
  pair.run(200ms);
  CHECK_EQUAL(1, pair.far.count<evt::Proceeding>());
  CHECK_EQUAL(1u, pair.disk.events.size());
}

TEST(Call, a_refusal_waits_for_its_booking_too) {
  pair.ctid.board = nullptr;
  pair.dial();
  pair.center->send(cmd::Clear{pair.offered(), 17});
  pair.run(200ms);
  CHECK_EQUAL(0, pair.far.count<evt::Released>());
  const auto& e = pair.ctid.events.back();
  pair.center->send(cmd::Ack{e.epoch, e.seq});
  pair.run(100ms);
  CHECK_EQUAL(17, pair.far.last<evt::Released>()->cause);
}

TEST(Call, a_full_disk_refuses_with_42) {
  pair.ctid.board = nullptr;
  pair.disk.answer = daemon::Kept::reserve;
  pair.dial();
  pair.run(1s);
  CHECK_EQUAL(42, pair.far.last<evt::Released>()->cause);
  CHECK_EQUAL(1u, pair.disk.events.size());
}

TEST(Call, the_callers_digits_are_heard_in_a_script) {
  const auto [in, out] = pair.call();
  pair.center->send(cmd::SetTag{in, {1, Mode::script}});
  pair.run(100ms);
  pair.exchange->send(cmd::SendDtmf{out, "159#"});
  pair.run(2s);
  STRCMP_EQUAL("159#", pair.digits(pair.ctid, in).c_str());
}

TEST(Call, a_prompt_plays_to_its_end_and_a_key_barges_in) {
  const auto [in, out] = pair.call();
  pair.center->send(cmd::Play{in, 7, {"zh/hello"}, false});
  pair.run(1200ms);
  CHECK(pair.ctid.last<evt::PlayEnded>()->end == PlayEnd::done);
  CHECK_EQUAL(7u, pair.ctid.last<evt::PlayEnded>()->play);
  pair.center->send(cmd::SetTag{in, {1, Mode::script}});
  pair.center->send(cmd::Play{in, 8, {"zh/hello", "zh/hello"}, true});
  pair.run(100ms);
  pair.exchange->send(cmd::SendDtmf{out, "1"});
  pair.run(600ms);
  CHECK(pair.ctid.last<evt::PlayEnded>()->end == PlayEnd::barged);
  CHECK_EQUAL(8u, pair.ctid.last<evt::PlayEnded>()->play);
}

TEST(Call, a_phone_rings_answers_and_talks_with_the_caller_and_all_is_recorded) {
  const auto [in, out] = pair.call();
  pair.center->send(cmd::Record{in, "one.wav", RecordPolicy::whole});
  const auto [leg, phone] = pair.agent(1, 900);
  CHECK_EQUAL(1, pair.ctid.count<evt::Alerting>());
  CHECK_EQUAL(2, pair.ctid.count<evt::Answered>());
  pair.center->send(cmd::Connect{in, leg});
  pair.exchange->send(cmd::Tone{out, "f=500"});
  pair.exchange->send(cmd::Tone{phone, "f=800"});
  pair.run(4s);
  pair.exchange->send(cmd::Clear{out, 16});
  pair.run(1s);
  const auto* done = pair.ctid.last<evt::Recorded>();
  CHECK(done != nullptr);
  CHECK(done->end == RecordEnd::released);
  CHECK(done->duration_ms > 5000 && done->duration_ms < 6000);
  const auto wav = slurp(pair.dir + "/recordings/one.wav");
  CHECK(tone_share(wav, 0, 500) > 0.6);
  CHECK(tone_share(wav, 1, 800) > 0.6);
  CHECK(tone_share(wav, 0, 800) < 0.1);
  CHECK_EQUAL(1u, pair.center->legs());  // the agent stays until ctid decides
  pair.center->send(cmd::Clear{leg, 16});
  pair.run(500ms);
  CHECK_EQUAL(0u, pair.center->legs());
  CHECK(pair.center->snapshot().stations[0].off_hook);  // busy tone until he hangs up
  pair.exchange->send(cmd::Clear{phone, 16});
  pair.run(500ms);
  CHECK(!pair.center->snapshot().stations[0].off_hook);
}

TEST(Call, a_phone_dials_and_its_digits_are_heard) {
  const LegId phone = pair.pick_up(2);
  const auto* initiated = pair.ctid.last<evt::Initiated>();
  CHECK(initiated != nullptr);
  STRCMP_EQUAL("1002", initiated->station.c_str());
  const LegId leg = initiated->leg;
  pair.run(500ms);
  pair.exchange->send(cmd::SendDtmf{phone, "*11001"});
  pair.run(2s);
  STRCMP_EQUAL("*11001", pair.digits(pair.ctid, leg).c_str());
  pair.exchange->send(cmd::Clear{phone, 16});
  pair.run(2s);
  CHECK_EQUAL(0u, pair.center->legs());
}

TEST(Call, the_center_dials_out_from_the_far_end_of_the_channels) {
  pair.center->send(cmd::Dial{LegId{900}, "city", "4006001", "13900000000", {}});
  pair.run(200ms);
  CHECK_EQUAL(31, pair.ctid.last<evt::Seized>()->channel);
  const auto* offered = pair.far.last<evt::Offered>();
  STRCMP_EQUAL("13900000000", offered->called.c_str());
  pair.exchange->send(cmd::Alert{offered->leg});
  pair.run(100ms);
  CHECK_EQUAL(1, pair.ctid.count<evt::Alerting>());
  pair.exchange->send(cmd::Answer{offered->leg});
  pair.run(100ms);
  CHECK_EQUAL(1, pair.ctid.count<evt::Answered>());
}

TEST(Call, both_sides_of_glare) {
  // All channels but 30 and 31 are taken by callers; then both sides want 31 in the same millisecond.
  for (int i = 0; i < 28; ++i) pair.dial();
  CHECK_EQUAL(28u, pair.center->legs());
  const LegId caller{++pair.far_legs};
  pair.exchange->send(cmd::Dial{caller, "e1-1/31", "138", "4006001", {}});
  pair.center->send(cmd::Dial{LegId{900}, "city", "4006001", "139", {}});
  pair.run(500ms);
  CHECK_EQUAL(1u, pair.center->counters().glare_lost);
  const auto* offered = pair.ctid.last<evt::Offered>();
  CHECK_EQUAL(31, offered->channel);                       // the network side's call keeps the channel
  CHECK_EQUAL(30, pair.ctid.last<evt::Seized>()->channel); // the user side's is tried on another
  STRCMP_EQUAL("139", pair.far.last<evt::Offered>()->called.c_str());
  CHECK_EQUAL(0, pair.ctid.count<evt::Released>());
}

TEST(Call, a_group_is_hunted_in_the_order_its_profile_names) {
  const auto channels = [](const char* hunt) {
    sig::PriConfig user;
    user.hunt = hunt;
    Pair one(user);
    std::string got;
    for (std::uint64_t id : {900U, 901U, 902U}) {
      one.center->send(cmd::Dial{LegId{id}, "city", "", "139", {}});
      one.run(50ms);
      got += std::to_string(one.ctid.last<evt::Seized>()->channel) + " ";
      one.center->send(cmd::Clear{LegId{id}, 16});
      one.run(200ms);
    }
    return got;
  };
  STRCMP_EQUAL("31 31 31 ", channels("").c_str());
  STRCMP_EQUAL("1 1 1 ", channels("ascending").c_str());
  STRCMP_EQUAL("1 2 3 ", channels("round_robin").c_str());
  STRCMP_EQUAL("1 2 3 ", channels("least_recent").c_str());
}

TEST(Call, when_every_channel_is_taken_the_time_is_measured_and_dial_gets_34) {
  for (int i = 0; i < 30; ++i) pair.dial();
  pair.center->send(cmd::Dial{LegId{900}, "city", "", "139", {}});
  pair.run(3s);
  CHECK_EQUAL(34, pair.ctid.last<evt::Released>()->cause);
  pair.exchange->send(cmd::Clear{LegId{1001}, 16});
  pair.run(1s);
  const auto* busy = pair.ctid.last<evt::AllBusy>();
  CHECK(busy != nullptr && busy->lasted >= 3s && busy->lasted < 3500ms);
}

TEST(Call, alone_a_new_caller_hears_the_fallback_after_10_s) {
  pair.center->detach();
  const LegId out = pair.dial();
  CHECK_EQUAL(1, pair.far.count<evt::Proceeding>());
  CHECK_EQUAL(1, pair.far.count<evt::Alerting>());
  CHECK_EQUAL(1u, pair.disk.events.size());
  pair.exchange->send(cmd::Detect{out, false, true});
  pair.run(9800ms);
  CHECK_EQUAL(0, pair.far.count<evt::Answered>());
  pair.run(400ms);
  CHECK_EQUAL(1, pair.far.count<evt::Answered>());
  pair.run(1s);
  CHECK(pair.far.last<evt::Activity>()->on);  // he hears something
  pair.exchange->send(cmd::Clear{out, 16});
  pair.run(1s);
  CHECK_EQUAL(0u, pair.center->legs());
  pair.center->attach(pair.ctid);
  pair.run(1s);
  CHECK(pair.disk.events.empty());  // acknowledged
  CHECK_EQUAL(4, pair.ctid.count<evt::Alone>());
}

TEST(Call, alone_the_phone_gets_busy_tone_when_the_caller_hangs_up) {
  const auto [in, out] = pair.call();
  const auto [leg, phone] = pair.agent(1, 900, {5, Mode::connected});
  pair.center->send(cmd::SetTag{in, {5, Mode::connected}});
  pair.center->send(cmd::Connect{in, leg});
  pair.center->detach();
  pair.exchange->send(cmd::Clear{out, 16});
  pair.run(500ms);
  CHECK_EQUAL(0u, pair.center->legs());
  pair.exchange->send(cmd::Detect{phone, false, true});
  pair.run(1s);
  CHECK(pair.far.count<evt::Activity>() > 0);
}

TEST(Call, alone_a_phone_that_goes_off_hook_hears_congestion_and_no_call_begins) {
  pair.center->detach();
  const LegId phone = pair.pick_up(3);
  pair.exchange->send(cmd::Detect{phone, false, true});
  pair.run(1s);
  CHECK(pair.far.count<evt::Activity>() > 0);
  pair.center->attach(pair.ctid);
  pair.run(100ms);
  CHECK_EQUAL(0, pair.ctid.count<evt::Initiated>());
  CHECK_EQUAL(1, pair.ctid.count<evt::Alone>());
}

TEST(Call, ctid_comes_back_and_finds_its_calls) {
  const auto [in, out] = pair.call();
  pair.center->send(cmd::SetTag{in, {5, Mode::queued}});
  pair.center->send(cmd::Music{in});
  pair.center->detach();
  pair.run(5s);
  Listener second;
  second.board = pair.center.get();
  pair.center->attach(second);
  pair.run(100ms);
  CHECK_EQUAL(1u, second.snapshots.size());
  CHECK_EQUAL(1u, second.snapshots[0].legs.size());
  CHECK_EQUAL(5u, second.snapshots[0].legs[0].tag.call);
  CHECK(second.snapshots[0].legs[0].state == LegState::connected);
  pair.center->send(cmd::Clear{in, 16});
  pair.run(500ms);
  CHECK_EQUAL(16, pair.far.last<evt::Released>()->cause);
}

TEST(Call, a_clean_stop_tells_the_exchange_41) {
  pair.call();
  bool done = false;
  pair.center->stop([&] { done = true; });
  pair.run(1s);
  CHECK(done);
  CHECK_EQUAL(41, pair.far.last<evt::Released>()->cause);
}

TEST(Call, a_carrier_that_is_cut_is_an_alarm_and_calls_that_are_up_survive_a_short_one) {
  pair.call();
  pair.e1.faults->cut(true);
  pair.run(2s);
  CHECK(pair.ctid.last<evt::Alarm>() != nullptr);
  CHECK(pair.ctid.last<evt::Alarm>()->raised);
  pair.e1.faults->cut(false);
  pair.run(5s);
  CHECK(!pair.ctid.last<evt::Alarm>()->raised);
  CHECK_EQUAL(1u, pair.center->legs());
}

TEST(Call, thirty_seconds_without_d_channel_leave_calls_that_are_up_and_book_the_others_as_cleared) {
  const auto [in, out] = pair.call();
  pair.dial();
  const LegId waiting = pair.offered();
  pair.e1.faults->drop_frames(true);
  pair.run(30s);
  CHECK_EQUAL(1, pair.ctid.count<evt::Released>());
  CHECK(pair.ctid.last<evt::Released>()->leg == waiting);
  CHECK_EQUAL(27, pair.ctid.last<evt::Released>()->cause);
  CHECK_EQUAL(1, pair.far.count<evt::Released>());
  pair.e1.faults->drop_frames(false);
  pair.run(100s);
  CHECK_EQUAL(1, pair.ctid.count<evt::Released>());
  pair.center->send(cmd::Clear{in, 16});
  pair.run(200ms);
  CHECK_EQUAL(2, pair.ctid.count<evt::Released>());
  CHECK(pair.far.last<evt::Released>()->leg == out);
}

TEST(Call, before_the_answer_the_caller_is_told_that_there_is_something_to_hear) {
  const LegId out = pair.dial();
  const LegId in = pair.ctid.last<evt::Offered>()->leg;
  pair.center->send(cmd::Progress{in});
  pair.run(100ms);
  CHECK(pair.far.last<evt::Progress>() != nullptr && pair.far.last<evt::Progress>()->leg == out);
  CHECK_EQUAL(1, pair.far.count<evt::Proceeding>());
  CHECK_EQUAL(0, pair.far.count<evt::Alerting>());
  pair.exchange->send(cmd::Detect{out, false, true});
  pair.center->send(cmd::Tone{in, "f=440"});
  pair.run(500ms);
  CHECK(pair.far.last<evt::Activity>() != nullptr && pair.far.last<evt::Activity>()->on);
  pair.center->send(cmd::Clear{in, 17});
  pair.run(1s);
  CHECK_EQUAL(17, pair.far.last<evt::Released>()->cause);
  CHECK_EQUAL(0, pair.far.count<evt::Answered>());
}
