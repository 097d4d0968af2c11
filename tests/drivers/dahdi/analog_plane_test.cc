// Phones and exchange lines on a DAHDI without a kernel: what the kernel's events and the line's sound become, and what is asked of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/analog_plane.h"

#include <poll.h>

#include "drivers/media/dtmf.h"
#include "drivers/media/tone_gen.h"
#include "drivers/media/tones.h"
#include "drivers/sig/sig.h"
#include "tests/drivers/dahdi/fake_device.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::dahdi;

TEST_GROUP(AnalogPlane) {
  struct NoWatch final : Reactor::Watch { void want_write(bool) override {} };
  VirtualTimers timers;
  FakeDevice device;
  std::map<int, std::function<void()>> ready;
  Loop loop{timers, [this](int fd, bool, std::function<void()> run) { ready[fd] = std::move(run); return std::make_unique<NoWatch>(); }};
  std::unique_ptr<DahdiDriver> driver;
  std::string heard;
  SpanAudio in, out;
  Block silence;

  void setup() override { silence.fill(kAlawSilence); }
  void teardown() override { driver.reset(); }

  Status open(SpanKind kind, const AnalogConfig& config = {}, int signalling = 0) {
    device.add(1, 1, 2, signalling != 0 ? signalling : signalling_of(kind, config.start));
    const SpanSpec spec{.name = "bank", .kind = kind, .span = 1, .first_channel = 1, .channels = 2, .crc4 = {}, .law = {}, .where = "p.toml:3"};
    driver = std::make_unique<DahdiDriver>(loop, device, spec, std::make_unique<AnalogPlane>(loop, spec, config));
    driver->audio();
    auto ok = driver->open();
    if (ok) driver->signalling().start({.on_frame = {}, .on_line = [this](int c, LineSignal s, std::string_view text) { say(std::to_string(c) + ":" + name(s), text); },
                                        .on_carrier = [this](bool up) { say(up ? "up" : "down", ""); }});
    return ok;
  }
  static std::string name(LineSignal s) {
    constexpr const char* kNames[] = {"", "off_hook", "on_hook", "flash", "ring_on", "ring_off", "battery_drop", "caller_id", "polarity", "busy_tone", "dial", "out_of_service", "in_service"};
    return kNames[static_cast<int>(s)];
  }
  void say(const std::string& what, std::string_view text) { heard += (heard.empty() ? "" : ", ") + what + (text.empty() ? "" : " ") + std::string(text); }
  void is(const char* expected) { STRCMP_EQUAL(expected, std::exchange(heard, {}).c_str()); }
  void event(EventKind kind, int channel = 1, char digit = 0) {
    device.at(channel).events.push_back({kind, digit});
    for (const auto& run : std::map(ready)) if (run.first == 10'000 + channel) run.second();
  }
  std::string calls(int channel = 1) {
    std::string all;
    for (const auto& call : std::exchange(device.at(channel).calls, {}))
      if (call.starts_with("hook") || call.starts_with("on_hook")) all += (all.empty() ? "" : ", ") + call;
    return all;
  }
  // One tick of both ports: `line` on port 1.
  void tick(const Block& line) {
    for (const int c : {0, 1, 2}) device.at(c).to_read.emplace_back(c == 1 ? line.begin() : silence.begin(), c == 1 ? line.end() : silence.end());
    while (driver->audio().receive(in)) {
      if (in.has(1)) arrived.push_back(in.blocks[1]);
    }
    out.present = 0;
    driver->audio().send(out);
    timers.run_for(20ms);
    for (const auto& [fd, run] : std::map(ready)) {
      pollfd p{fd, POLLIN, 0};
      if (fd < 10'000 && ::poll(&p, 1, 0) > 0) run();
    }
  }
  void play(const std::vector<Block>& line) { for (const Block& block : line) tick(block); }
  void pause(int ticks) { for (int n = 0; n < ticks; ++n) tick(silence); }
  std::string number_sent(int channel = 1) {  // what a far end would read
    media::CallerIdReceiver far;
    for (const auto& bytes : device.at(channel).written) {
      Block block = silence;
      std::copy(bytes.begin(), bytes.end(), block.begin());
      if (far.feed(block)) return std::string(far.number());
    }
    return "-";
  }
  std::vector<Block> arrived;
  SignallingPort& sig() { return driver->signalling(); }
};

TEST(AnalogPlane, a_phone_rings_answers_flashes_and_hangs_up) {
  CHECK(open(SpanKind::fxs).has_value());
  CHECK(sig().carrier());
  STRCMP_CONTAINS("set_times 1250", [this] { std::string all; for (auto& c : device.at(1).calls) all += c + ","; return all; }().c_str());
  calls();
  sig().send_line(1, LineSignal::ring_on);
  STRCMP_EQUAL("hook 5", calls().c_str());
  event(EventKind::ringer_on);
  is("");
  event(EventKind::ring_off_hook);
  is("1:off_hook");
  sig().send_line(1, LineSignal::ring_off);
  STRCMP_EQUAL("hook 1", calls().c_str());
  event(EventKind::wink_flash);
  event(EventKind::on_hook);
  is("1:flash, 1:on_hook");
  STRCMP_EQUAL("hook 0", calls().c_str());
}

TEST(AnalogPlane, the_longest_flash_is_the_profiles) {
  CHECK(open(SpanKind::fxs, {.flash_max = 600ms}).has_value());
  CHECK(std::ranges::find(device.at(2).calls, "set_times 600") != device.at(2).calls.end());
}

TEST(AnalogPlane, a_phone_that_is_off_hook_at_the_start_is_told) {
  device.add(1, 1, 2, abi::kSigFxoKs);
  device.at(2).params.rx_off_hook = true;
  const SpanSpec spec{.name = "bank", .kind = SpanKind::fxs, .span = 1, .first_channel = 1, .channels = 2, .crc4 = {}, .law = {}, .where = ""};
  driver = std::make_unique<DahdiDriver>(loop, device, spec, std::make_unique<AnalogPlane>(loop, spec, AnalogConfig{}));
  CHECK(driver->open().has_value());
  sig().start({.on_frame = {}, .on_line = [this](int c, LineSignal s, std::string_view text) { say(std::to_string(c) + ":" + name(s), text); }, .on_carrier = {}});
  timers.run_for(1ms);
  is("2:off_hook");
  STRCMP_EQUAL("hook 1", calls(2).c_str());
}

TEST(AnalogPlane, fsk_goes_after_the_first_ring_and_only_after_the_first) {
  CHECK(open(SpanKind::fxs).has_value());
  CHECK(sig().before_ring(1, "13800001111") == 0s);
  sig().send_line(1, LineSignal::caller_id, "13800001111");
  sig().send_line(1, LineSignal::ring_on);
  pause(50);
  STRCMP_EQUAL("-", number_sent().c_str());
  sig().send_line(1, LineSignal::ring_off);
  STRCMP_CONTAINS("on_hook_transfer", calls().c_str());
  pause(200);
  STRCMP_EQUAL("13800001111", number_sent().c_str());
  device.at(1).written.clear();
  sig().send_line(1, LineSignal::ring_on);
  sig().send_line(1, LineSignal::ring_off);
  pause(200);
  STRCMP_EQUAL("-", number_sent().c_str());
}

TEST(AnalogPlane, dtmf_goes_before_the_first_ring) {
  CHECK(open(SpanKind::fxs, {.caller_id = media::CallerIdWay::dtmf}).has_value());
  sig().send_line(1, LineSignal::caller_id, "13800001111");
  const auto wait = sig().before_ring(1, "13800001111");
  CHECK(wait > 1500ms && wait < 2500ms);
  pause(static_cast<int>(wait / 20ms));
  STRCMP_EQUAL("13800001111", number_sent().c_str());
}

TEST(AnalogPlane, without_caller_id_nothing_is_sent) {
  CHECK(open(SpanKind::fxs, {.caller_id = media::CallerIdWay::none}).has_value());
  sig().send_line(1, LineSignal::caller_id, "138");
  sig().send_line(1, LineSignal::ring_on);
  sig().send_line(1, LineSignal::ring_off);
  pause(200);
  STRCMP_EQUAL("-", number_sent().c_str());
}

TEST(AnalogPlane, a_phone_that_is_picked_up_does_not_hear_the_number) {
  CHECK(open(SpanKind::fxs).has_value());
  sig().send_line(1, LineSignal::caller_id, "138");
  sig().send_line(1, LineSignal::ring_on);
  sig().send_line(1, LineSignal::ring_off);
  pause(10);
  event(EventKind::ring_off_hook);
  device.at(1).written.clear();
  pause(200);
  STRCMP_EQUAL("-", number_sent().c_str());
}

TEST(AnalogPlane, a_rotary_phones_digit_is_heard_as_dtmf) {
  CHECK(open(SpanKind::fxs).has_value());
  driver->audio().use(1U << 1);
  event(EventKind::ring_off_hook);
  arrived.clear();
  event(EventKind::pulse_start);
  event(EventKind::pulse_digit, 1, '7');
  pause(20);
  media::DtmfReceiver dtmf;
  std::string digits;
  for (const Block& block : arrived) {
    media::Samples samples;
    media::alaw_decode(block, samples);
    if (const auto d = dtmf.feed(samples); d.ended != 0) digits += d.ended;
  }
  STRCMP_EQUAL("7", digits.c_str());
}

// The kernel drops the buffers of a line that hangs up: a clock among them would lose time.
TEST(AnalogPlane, no_line_is_the_clock_and_a_hang_up_is_no_underrun) {
  CHECK(open(SpanKind::fxo).has_value());
  driver->audio().receive(in);
  LONGS_EQUAL(10'000, driver->audio().fd());
  sig().send_line(1, LineSignal::off_hook);
  sig().send_line(1, LineSignal::on_hook);
  const auto& done = device.at(1).calls;
  CHECK(std::find(done.begin(), done.end(), "buffer_events 0") < std::find(done.begin(), done.end(), "hook 0"));
}

TEST(AnalogPlane, without_a_pseudo_channel_the_span_says_why) {
  device.pseudo_error = EACCES;
  const auto ok = open(SpanKind::fxo);
  CHECK_FALSE(ok.has_value());
  STRCMP_EQUAL("span \"bank\": DAHDI's pseudo channel cannot be opened: Permission denied", ok.error().what.c_str());
  STRCMP_EQUAL("let boardd's user open /dev/dahdi/pseudo as it opens /dev/dahdi/channel", ok.error().fix.c_str());
}

TEST(AnalogPlane, a_number_by_fsk_after_the_ring_is_a_line_signal) {
  CHECK(open(SpanKind::fxo).has_value());
  event(EventKind::ring_begin);
  pause(50);
  event(EventKind::ring_off_hook);
  is("1:ring_on, 1:ring_off");
  play(media::caller_id_signal(media::CallerIdWay::fsk, "13800001111", {}));
  is("1:caller_id 13800001111");
}

TEST(AnalogPlane, a_number_by_dtmf_before_the_ring_is_the_same_line_signal) {
  CHECK(open(SpanKind::fxo).has_value());
  play(media::caller_id_signal(media::CallerIdWay::dtmf, "13800001111", {}));
  is("1:caller_id 13800001111");
  play(media::caller_id_signal(media::CallerIdWay::dtmf, "", {}));
  is("1:caller_id");
  play(media::caller_id_signal(media::CallerIdWay::fsk, "8001", {}));
  is("1:caller_id 8001");  // of the next call, without anything between
}

TEST(AnalogPlane, in_a_call_nothing_is_taken_for_a_number) {
  CHECK(open(SpanKind::fxo).has_value());
  sig().send_line(1, LineSignal::off_hook);
  STRCMP_EQUAL("hook 1", calls().c_str());
  play(media::caller_id_signal(media::CallerIdWay::dtmf, "13800001111", {}));
  is("");
}

TEST(AnalogPlane, battery_polarity_and_busy_tone_are_told) {
  CHECK(open(SpanKind::fxo, {.busy = *media::busy_of_country("cn")}).has_value());
  sig().send_line(1, LineSignal::off_hook);
  event(EventKind::polarity);
  event(EventKind::on_hook);
  is("1:polarity, 1:battery_drop");
  media::TonePlayer tone;
  tone.start(*media::find_tone("cn", "busy"));
  std::vector<Block> busy(150, silence);
  for (Block& block : busy) tone.next(block);
  play(busy);
  is("1:busy_tone 350/350");
  sig().send_line(1, LineSignal::on_hook);
  play(busy);
  is("");
}

TEST(AnalogPlane, an_unknown_cadence_is_reported_as_learned) {
  CHECK(open(SpanKind::fxo, {.busy = *media::busy_of_country("cn")}).has_value());
  sig().send_line(1, LineSignal::off_hook);
  media::TonePlayer tone;
  tone.start(*media::parse_cadence("425/200,0/300"));
  std::vector<Block> busy(200, silence);
  for (Block& block : busy)
    if (tone.next(block) != media::TonePlayer::Filled::sound) block = silence;
  play(busy);
  is("1:busy_tone 200/300 learned");
}

TEST(AnalogPlane, the_line_dials_after_the_dial_tone) {
  CHECK(open(SpanKind::fxo).has_value());
  sig().send_line(1, LineSignal::off_hook);
  device.at(1).written.clear();
  sig().send_line(1, LineSignal::dial, "10086");
  pause(200);
  media::DtmfReceiver dtmf;
  std::string digits;
  std::size_t first = 0, n = 0;
  for (const auto& bytes : device.at(1).written) {
    Block block = silence;
    std::copy(bytes.begin(), bytes.end(), block.begin());
    media::Samples samples;
    media::alaw_decode(block, samples);
    if (const auto d = dtmf.feed(samples); d.ended != 0) {
      digits += d.ended;
      if (first == 0) first = n;
    }
    ++n;
  }
  STRCMP_EQUAL("10086", digits.c_str());
  CHECK(first * 20 >= static_cast<std::size_t>(kDialAfterMs));
}

TEST(AnalogPlane, ground_start_lines_are_started) {
  CHECK(open(SpanKind::fxo, {.start = Start::ground}).has_value());
  sig().send_line(1, LineSignal::off_hook);
  STRCMP_EQUAL("hook 4", calls().c_str());
}

TEST(AnalogPlane, the_wrong_start_is_refused_with_the_profiles_line) {
  const auto ok = open(SpanKind::fxo, {.start = Start::ground}, abi::kSigFxsKs);
  CHECK_FALSE(ok.has_value());
  STRCMP_EQUAL("p.toml:3", ok.error().where.c_str());
  STRCMP_CONTAINS("fxsks", ok.error().what.c_str());
  STRCMP_CONTAINS("fxsgs (start = \"ground\")", ok.error().what.c_str());
}

TEST(AnalogPlane, a_bank_that_is_pulled_out_and_put_back_works_again) {
  CHECK(open(SpanKind::fxs).has_value());
  device.gone(1);
  tick(silence);
  timers.run_for(2s);
  driver->audio().receive(in);
  is("down");
  sig().send_line(1, LineSignal::ring_on);
  device.back(1);
  for (int n = 0; n < 100 && !sig().carrier(); ++n) {
    driver->audio().receive(in);
    timers.run_for(1s);
  }
  is("up");
  event(EventKind::ring_off_hook);
  is("1:off_hook");
}

TEST(AnalogPlane, a_port_in_alarm_is_out_of_service_and_the_others_are_not) {
  CHECK(open(SpanKind::fxo).has_value());
  device.at(2).params.alarms = abi::kAlarmRed;
  event(EventKind::alarm, 2);
  event(EventKind::alarm, 2);
  is("2:out_of_service");
  CHECK(sig().carrier());
  LONGS_EQUAL(1, driver->counters()["port_alarms/2"]);
  device.at(2).params.alarms = 0;
  event(EventKind::no_alarm, 2);
  is("2:in_service");
}

TEST(AnalogPlane, a_port_without_battery_at_the_start_is_told) {
  device.add(1, 1, 2, abi::kSigFxsKs);
  device.at(1).params.alarms = abi::kAlarmRed;
  const SpanSpec spec{.name = "bank", .kind = SpanKind::fxo, .span = 1, .first_channel = 1, .channels = 2, .crc4 = {}, .law = {}, .where = ""};
  driver = std::make_unique<DahdiDriver>(loop, device, spec, std::make_unique<AnalogPlane>(loop, spec, AnalogConfig{}));
  CHECK(driver->open().has_value());
  sig().start({.on_frame = {}, .on_line = [this](int c, LineSignal s, std::string_view text) { say(std::to_string(c) + ":" + name(s), text); }, .on_carrier = {}});
  timers.run_for(1ms);
  is("1:out_of_service");
}

TEST(AnalogPlane, a_port_that_refuses_its_hook_is_counted) {
  CHECK(open(SpanKind::fxs).has_value());
  device.at(1).errors["hook"] = EBUSY;
  sig().send_line(1, LineSignal::ring_on);
  LONGS_EQUAL(1, driver->counters()["hook_busy"]);
  sig().send_line(31, LineSignal::ring_on);  // no such port
}
