// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/caller_id.h"

#include <cmath>
#include <random>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

namespace {
constexpr std::string_view kNothing = "-";

// The line between sender and receiver: loss, noise, clock or tone off by so much.
struct Cable { double db = 0, noise_dbm0 = -90, off_percent = 0; unsigned seed = 1; };

std::vector<Block> through(const std::vector<Block>& sent, const Cable& cable) {
  std::vector<double> in;
  for (const Block& block : sent)
    for (const auto byte : block) in.push_back(alaw_decode(byte));
  std::mt19937 random(cable.seed);
  std::normal_distribution<double> noise(0, amplitude_of(cable.noise_dbm0) / std::sqrt(2.0));
  const double gain = std::pow(10.0, cable.db / 20), step = 1 + cable.off_percent / 100;
  std::vector<Block> out;
  double at = 0;
  while (at < static_cast<double>(in.size())) {
    Block& block = out.emplace_back();
    for (auto& byte : block) {
      const auto i = static_cast<std::size_t>(at);
      const double part = at - static_cast<double>(i);
      const double a = i < in.size() ? in[i] : 0, b = i + 1 < in.size() ? in[i + 1] : 0;
      byte = alaw_encode(static_cast<std::int16_t>(std::clamp((a + (b - a) * part) * gain + noise(random), -32000.0, 32000.0)));
      at += step;
    }
  }
  return out;
}
}  // namespace

TEST_GROUP(CallerId) {
  CallerIdReceiver receiver;

  std::string heard(const std::vector<Block>& line) {
    receiver.reset();
    Block silence;
    silence.fill(kAlawSilence);
    for (const Block& block : line)
      if (receiver.feed(block)) return std::string(receiver.number());
    for (int n = 0; n < 30; ++n)
      if (receiver.feed(silence)) return std::string(receiver.number());
    return std::string(kNothing);
  }
  std::string over(CallerIdWay way, std::string_view number, const Cable& cable = {}) { return heard(through(caller_id_signal(way, number, {11, 21, 22, 5}), cable)); }
};

TEST(CallerId, a_number_arrives_by_either_way) {
  for (const auto way : {CallerIdWay::fsk, CallerIdWay::dtmf})
    for (const char* number : {"1", "1000", "13800001111", "01087654321", "12345678901234567890"}) STRCMP_EQUAL(number, over(way, number).c_str());
}

TEST(CallerId, a_withheld_number_arrives_as_an_empty_one) {
  STRCMP_EQUAL("", over(CallerIdWay::fsk, "").c_str());
  STRCMP_EQUAL("", over(CallerIdWay::dtmf, "").c_str());
  LONGS_EQUAL(0, caller_id_signal(CallerIdWay::none, "138", {}).size());
}

TEST(CallerId, of_a_long_number_the_last_digits_arrive) {
  STRCMP_EQUAL("34567890123456789012", over(CallerIdWay::fsk, "1234567890123456789012").c_str());
  STRCMP_EQUAL("34567890123456789012", over(CallerIdWay::dtmf, "1234567890123456789012").c_str());
}

TEST(CallerId, loss_noise_and_tones_off_by_one_and_a_half_percent_do_not_hurt) {
  for (const auto way : {CallerIdWay::fsk, CallerIdWay::dtmf})
    for (const double db : {3.0, 0.0, -10.0, -20.0})
      for (const double off : {-1.5, 0.0, 1.5})
        for (unsigned seed = 1; seed <= 5; ++seed) STRCMP_EQUAL("13800001111", over(way, "13800001111", {db, -14 + db - 20, off, seed}).c_str());
}

TEST(CallerId, the_european_modem_is_understood_too) {
  // 1300 / 2100 Hz (V.23) instead of 1200 / 2200: Bell 202's frequencies moved towards each other.
  STRCMP_EQUAL("13800001111", over(CallerIdWay::fsk, "13800001111", {-6, -60, 3.0}).c_str());
}

TEST(CallerId, noise_alone_and_silence_say_nothing) {
  const std::vector<Block> pause(500, [] { Block b; b.fill(kAlawSilence); return b; }());
  STRCMP_EQUAL("-", heard(pause).c_str());
  for (const double level : {-40.0, -20.0, -10.0}) STRCMP_EQUAL("-", heard(through(pause, {0, level, 0, 7})).c_str());
}

TEST(CallerId, a_damaged_message_says_nothing) {
  auto line = caller_id_signal(CallerIdWay::fsk, "13800001111", {});
  for (std::size_t b = line.size() * 3 / 4; b < line.size() * 3 / 4 + 4; ++b) line[b].fill(kAlawSilence);
  STRCMP_EQUAL("-", heard(line).c_str());
}

TEST(CallerId, one_reset_one_number) {
  STRCMP_EQUAL("138", over(CallerIdWay::dtmf, "138").c_str());
  for (const Block& block : caller_id_signal(CallerIdWay::dtmf, "139", {})) CHECK_FALSE(receiver.feed(block));
  STRCMP_EQUAL("139", over(CallerIdWay::dtmf, "139").c_str());
}

TEST(CallerId, every_form_of_dtmf_caller_id_is_read) {
  const auto read = [](std::string_view digits, bool over_ = false) { return std::string(dtmf_caller_id(digits, over_).value_or(kNothing)); };
  STRCMP_EQUAL("13800001111", read("D13800001111C").c_str());
  STRCMP_EQUAL("13800001111", read("A13800001111C").c_str());
  STRCMP_EQUAL("13800001111", read("A13800001111#").c_str());
  STRCMP_EQUAL("8001", read("8001#").c_str());
  STRCMP_EQUAL("138", read("A138D139B10C").c_str());
  for (const char* withheld : {"B00C", "B10C", "D1#", "D2#", "D3#", "DC", "AC", "A#"}) STRCMP_EQUAL("", read(withheld).c_str());
  for (const char* nothing : {"", "D138", "138", "C", "#", "*1C"}) STRCMP_EQUAL("-", read(nothing).c_str());
  STRCMP_EQUAL("138", read("D138", true).c_str());
  STRCMP_EQUAL("-", read("138", true).c_str());
}

TEST(CallerId, every_form_of_fsk_message_is_read) {
  const auto read = [](std::string_view message) { return std::string(fsk_caller_id(message).value_or(kNothing)); };
  using namespace std::string_view_literals;
  STRCMP_EQUAL("138", read("\x80\x0f\x01\x08" "11212205" "\x02\x03" "138"sv).c_str());
  STRCMP_EQUAL("138", read("\x80\x0a\x07\x03" "Ann" "\x02\x03" "138"sv).c_str());
  STRCMP_EQUAL("138", read("\x04\x0b" "11212205" "138"sv).c_str());
  STRCMP_EQUAL("", read("\x80\x03\x04\x01P"sv).c_str());
  STRCMP_EQUAL("", read("\x04\x09" "11212205" "P"sv).c_str());
  STRCMP_EQUAL("", read("\x80\x00"sv).c_str());
  STRCMP_EQUAL("-", read("\x82\x03\x0b\x01\xff"sv).c_str());  // message waiting
  STRCMP_EQUAL("-", read("\x04\x03" "112"sv).c_str());
  STRCMP_EQUAL("13", read("\x80\x05\x02\x09" "13"sv).c_str());  // a length beyond the end
  STRCMP_EQUAL("-", read(""sv).c_str());
}

TEST(CallerId, it_fits_where_it_is_sent) {
  CHECK(caller_id_length(CallerIdWay::fsk, "12345678901234567890") < 3s);  // inside China's pause of 4 s
  CHECK(caller_id_length(CallerIdWay::dtmf, "13800001111") < 2500ms);
  CHECK(caller_id_signal(CallerIdWay::dtmf, "12345678901234567890", {}).size() < kCallerIdBlocksMax);
  CHECK(caller_id_length(CallerIdWay::none, "138") == 0s);
}
