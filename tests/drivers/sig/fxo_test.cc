// An exchange line as a board shows it: numbers that come after the first ring, reversals, busy tone.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/fxo_bank.h"

#include "drivers/sig/fxs_bank.h"
#include "tests/drivers/sig/pri_pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

namespace {
// A span whose line signals a test makes, and which writes down what it is sent.
struct LineSpan final : SpanDriver, SignallingPort, AudioPort {
  explicit LineSpan(SpanKind k) : kind_(k) {}
  const std::string& name() const override { return name_; }
  SpanKind kind() const override { return kind_; }
  SignallingPort& signalling() override { return *this; }
  AudioPort& audio() override { return *this; }
  void start(Handler h) override { handler = std::move(h); }
  void send_frame(std::span<const std::uint8_t>) override {}
  void send_line(int channel, LineSignal signal, std::string_view text) override {
    sent += (sent.empty() ? "" : ", ") + std::to_string(channel) + ":" + std::to_string(static_cast<int>(signal)) + (text.empty() ? "" : " ") + std::string(text);
  }
  bool carrier() const override { return up; }
  Duration before_ring(int, std::string_view number) const override { return lead + 100ms * static_cast<int>(number.size()); }
  bool receive(SpanAudio&) override { return false; }
  void send(const SpanAudio&) override {}
  int fd() const override { return -1; }
  std::string take() { return std::exchange(sent, {}); }

  const std::string name_ = "lines";
  const SpanKind kind_;
  Handler handler;
  std::string sent;
  bool up = true;
  Duration lead{};
};
}  // namespace

TEST_GROUP(Fxo) {
  VirtualTimers timers;
  LineSpan span{SpanKind::fxo};
  Recorder heard;
  std::unique_ptr<FxoBank> bank;

  void with(const FxoConfig& config) {
    bank = std::make_unique<FxoBank>(timers, span, config, heard);
    bank->start();
  }
  void teardown() override { bank.reset(); }
  void line(LineSignal signal, std::string_view text = {}) { span.handler.on_line(1, signal, text); }
  void is(const char* expected) { STRCMP_EQUAL(expected, heard.take().c_str()); }
  void sends(const char* expected) { STRCMP_EQUAL(expected, span.take().c_str()); }
  void ring(Duration burst = 1s) {
    line(LineSignal::ring_on);
    timers.run_for(burst);
    line(LineSignal::ring_off);
  }
  void answered_call() {
    heard.next = 0;
    with({.group = "g", .await_caller_id = true});
    ring();
    line(LineSignal::caller_id, "138");
    bank->booked(leg(1));
    bank->answer(leg(1));
    timers.run_for(1s);
    heard.take();
    span.take();
  }
};

TEST(Fxo, a_call_is_offered_when_its_number_is_complete) {
  with({.group = "g", .await_caller_id = true});
  ring();
  is("");
  CHECK(bank->channel_state(1) == ChannelState::busy);
  CHECK_FALSE(bank->dial(leg(60), 1, "", "138"));
  timers.run_for(1s);
  line(LineSignal::caller_id, "13800001111");
  is("offered 1 ch1 13800001111 ");
  timers.run_for(3s);
  ring();
  is("");
}

TEST(Fxo, at_the_second_ring_at_the_latest) {
  with({.group = "g", .await_caller_id = true});
  ring();
  timers.run_for(4s);
  is("");
  line(LineSignal::ring_on);
  is("offered 1 ch1  ");
  line(LineSignal::caller_id, "138");
  LONGS_EQUAL(1, bank->counters()["caller_id_late"]);
  is("");
}

TEST(Fxo, a_withheld_number_is_complete_too) {
  with({.group = "g", .await_caller_id = true});
  ring();
  line(LineSignal::caller_id, "");
  is("offered 1 ch1  ");
}

TEST(Fxo, a_number_before_the_ring_offers_at_the_first_ring) {
  with({.group = "g", .await_caller_id = true});
  line(LineSignal::polarity);
  line(LineSignal::caller_id, "138");
  is("");
  timers.run_for(500ms);
  line(LineSignal::ring_on);
  is("offered 1 ch1 138 ");
}

TEST(Fxo, a_number_without_a_ring_does_not_belong_to_the_next_call) {
  with({.group = "g"});
  line(LineSignal::caller_id, "138");
  timers.run_for(kRingGap + 1s);
  line(LineSignal::ring_on);
  is("offered 1 ch1  ");
}

TEST(Fxo, who_gives_up_before_the_number_came_is_booked_nevertheless) {
  with({.group = "g", .await_caller_id = true});
  ring();
  timers.run_for(kRingGap - 1ms);
  is("");
  timers.run_for(2ms);
  is("offered 1 ch1  , released 1 16 far ring_stopped");
  CHECK(bank->channel_state(1) == ChannelState::idle);
  ring();
  line(LineSignal::battery_drop);
  is("offered 2 ch1  , released 2 16 far ring_stopped");
  ring();
  span.up = false;
  span.handler.on_carrier(false);
  is("offered 3 ch1  , released 3 27 far line_lost");
}

TEST(Fxo, the_far_end_hangs_up_by_battery_polarity_or_busy_tone) {
  answered_call();
  line(LineSignal::battery_drop);
  is("released 1 16 far battery_drop");
  sends("1:2");
  answered_call();
  line(LineSignal::polarity);
  is("released 1 16 far polarity");
  sends("1:2");
  answered_call();
  line(LineSignal::busy_tone, "350/350");
  is("released 1 16 far busy_tone");
  sends("1:2");
  LONGS_EQUAL(1, bank->counters()["busy_tone_350_350"]);
  answered_call();
  line(LineSignal::busy_tone, "200/300 learned");
  LONGS_EQUAL(1, bank->counters()["busy_tone_200_300_learned"]);
}

TEST(Fxo, a_line_without_battery_takes_no_call_until_it_is_back) {
  answered_call();
  line(LineSignal::out_of_service);
  is("released 1 27 far line_lost");
  sends("1:2");
  CHECK(bank->channel_state(1) == ChannelState::out_of_service);
  CHECK(bank->channel_state(2) == ChannelState::idle);
  CHECK_FALSE(bank->dial(leg(9), 1, "", "10086"));
  line(LineSignal::in_service);
  CHECK(bank->dial(leg(9), 1, "", "10086"));
}

TEST(Fxo, who_rings_while_the_battery_goes_is_booked) {
  with({.group = "g", .await_caller_id = true});
  heard.next = 0;
  ring();
  line(LineSignal::out_of_service);
  is("offered 1 ch1  , released 1 27 far line_lost");
}

TEST(Fxo, a_board_has_so_many_lines_and_no_more) {
  with({.group = "g", .lines = 2});
  LONGS_EQUAL(2, bank->channels().size());
  CHECK(bank->dial(leg(8), 2, "", ""));
  CHECK_FALSE(bank->dial(leg(9), 3, "", ""));
  span.handler.on_line(3, LineSignal::ring_on, {});
  LONGS_EQUAL(1, bank->counters()["signal_without_port"]);
}

TEST(Fxo, the_loop_that_closes_is_no_reversal) {
  with({.group = "g"});
  line(LineSignal::ring_on);
  bank->booked(leg(1));
  bank->answer(leg(1));
  heard.take();
  timers.run_for(kPolaritySettle - 1ms);
  line(LineSignal::polarity);
  is("");
  LONGS_EQUAL(1, bank->counters()["polarity_early"]);
}

TEST(Fxo, reversals_can_be_left_unused) {
  with({.group = "g", .disconnect_by_polarity = false});
  CHECK(bank->dial(leg(60), 1, "", ""));
  timers.run_for(1s);
  line(LineSignal::polarity);
  line(LineSignal::polarity);
  is("seized 60 ch1, answered 60");
  LONGS_EQUAL(1, bank->counters()["polarity_unused"]);
}

TEST(Fxo, a_dialled_call_is_answered_by_reversal_and_ends_by_the_next) {
  with({.group = "g", .answer_by_polarity = true, .line_dials = true});
  CHECK(bank->dial(leg(60), 1, "", "13800001111"));
  is("seized 60 ch1, progress_audio 60");
  sends("1:1, 1:10 13800001111");
  CHECK(bank->leg_state(leg(60)) == board::LegState::dialing);
  timers.run_for(8s);
  line(LineSignal::polarity);
  is("answered 60");
  CHECK(bank->leg_state(leg(60)) == board::LegState::connected);
  timers.run_for(8s);
  line(LineSignal::polarity);
  is("released 60 16 far polarity");
  sends("1:2");
}

TEST(Fxo, a_dialled_number_that_is_busy_is_cause_17) {
  with({.group = "g", .answer_by_polarity = true});
  CHECK(bank->dial(leg(60), 1, "", "138"));
  sends("1:1");  // the media dials
  heard.take();
  line(LineSignal::busy_tone, "350/350");
  is("released 60 17 far busy_tone");
}

TEST(Fxo, without_supervision_the_first_reversal_is_the_answer_and_says_nothing) {
  with({.group = "g"});
  CHECK(bank->dial(leg(60), 1, "", ""));
  is("seized 60 ch1, answered 60");
  timers.run_for(1s);
  line(LineSignal::polarity);
  is("");
  line(LineSignal::polarity);
  is("released 60 16 far polarity");
}

TEST(Fxo, a_phone_rings_after_the_number_when_that_goes_first) {
  LineSpan phones{SpanKind::fxs};
  phones.lead = 1500ms;
  FxsBank fxs(timers, phones, FxsConfig{.stations = {{1, "801"}}}, heard);
  fxs.start();
  heard.take();
  CHECK(fxs.ring(leg(50), 1, "12345", ""));
  STRCMP_EQUAL("1:7 12345", phones.take().c_str());
  timers.run_for(1999ms);
  STRCMP_EQUAL("", phones.take().c_str());
  timers.run_for(2ms);
  STRCMP_EQUAL("1:4", phones.take().c_str());
  fxs.clear(leg(50), 16);
  STRCMP_EQUAL("1:5", phones.take().c_str());
  CHECK(fxs.ring(leg(51), 1, "", ""));  // withheld
  STRCMP_EQUAL("1:7", phones.take().c_str());
  timers.run_for(500ms);
  fxs.clear(leg(51), 16);  // before the first ring: it never comes
  timers.run_for(30s);
  STRCMP_EQUAL("", phones.take().c_str());
}
