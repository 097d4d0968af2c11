// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/curve_toml.h"

#include <numeric>
#include <random>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ctictl;

namespace {

const CenterConfig kCenter = [] {
  CenterConfig c;
  c.queues.push_back({.name = "orders"});
  c.queues.push_back({.name = "service"});
  return c;
}();
constexpr const char* kGood = "aht_s = 180\npatience_s = 60\n[[calls]]\nper_minute = [2, 30, 12.5]\n[[spot]]\nqueue = \"service\"\npriority = 2\nbegin_min = 5\nlength_min = 3\ncalls = 60\n";
Result<Curve> parse(const std::string& text) { return parse_curve(text, "spot.toml", kCenter, acd::QueueNo{0}); }

}  // namespace

TEST_GROUP(Curve) {
  void wrong(const std::string& text, const std::string& where, const std::string& what) {
    const auto curve = parse(text);
    CHECK_FALSE(curve.has_value());
    STRCMP_CONTAINS(where.c_str(), curve.error().text().c_str());
    STRCMP_CONTAINS(what.c_str(), curve.error().text().c_str());
  }
};

TEST(Curve, calls_per_minute_and_a_spot_that_begins_with_the_most) {
  const auto curve = *parse(kGood);
  DOUBLES_EQUAL(180, *curve.handling_s, 0);
  DOUBLES_EQUAL(60, *curve.patience_s, 0);
  CHECK_EQUAL(2, curve.streams.size());
  CHECK_TRUE(curve.streams[0].queue == acd::QueueNo{0} && curve.streams[0].per_minute == (std::vector<double>{2, 30, 12.5}));
  CHECK_TRUE(curve.streams[1].queue == acd::QueueNo{1} && curve.streams[1].priority == 2);
  CHECK_TRUE(curve.streams[1].per_minute == (std::vector<double>{0, 0, 0, 0, 0, 30, 20, 10}));
}

TEST(Curve, patience_may_be_none) { CHECK_TRUE(*parse("patience_s = \"none\"\n[[calls]]\nper_minute = [1]\n")->patience_s == acd::kForever); }

TEST(Curve, what_is_wrong_is_named_with_its_line_and_what_to_write) {
  wrong("", "spot.toml:1", "[[spot]]");
  wrong("[[calls]]\nper_minute = []\n", "spot.toml:2", "list of calls per minute");
  wrong("[[calls]]\nper_minute = [1, -2]\n", "spot.toml:2", "from 0 to");
  wrong("[[calls]]\nper_minute = [1, nan]\n", "spot.toml:2", "from 0 to");
  wrong("[[calls]]\nqueue = \"order\"\nper_minute = [1]\n", "spot.toml:2", "one of: orders, service");
  wrong("[[calls]]\nper_minutes = [1]\n", "spot.toml:2", "unknown key 'per_minutes'");
  wrong("[[calls]]\npriority = -1\nper_minute = [1]\n", "spot.toml:2", "priority = 1");
  wrong("[[spot]]\nbegin_min = 0\ncalls = 60\n", "spot.toml:1", "'length_min' is missing");
  wrong("[[spot]]\nlength_min = 0\ncalls = 60\n", "spot.toml:2", "whole minutes");
  wrong("[[spot]]\nlength_min = 2\n", "spot.toml:1", "'calls' is missing");
  wrong("[[spot]]\nlength_min = 1\ncalls = 2000000\n", "spot.toml:1", "in one minute");
  wrong("[[spot]]\nbegin_min = 10080\nlength_min = 1\ncalls = 2\n", "spot.toml:1", "a week");
  wrong("aht_s = 0\n[[calls]]\nper_minute = [1]\n", "spot.toml:1", "aht_s = 180");
  wrong("patience_s = \"soon\"\n[[calls]]\nper_minute = [1]\n", "spot.toml:1", "none");
  wrong("[calls]\nper_minute = [1]\n", "spot.toml:1", "[[calls]]");
  wrong("[[calls\n", "spot.toml:1", "TOML");
}

TEST(Curve, damaged_text_is_refused_with_its_file_or_is_a_curve_within_its_limits) {
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = kGood;
    for (int n = 1 + static_cast<int>(random() % 4); n > 0; --n) text[random() % text.size()] = static_cast<char>(random() % 3 ? ' ' + random() % 95 : random() % 256);
    const auto curve = parse(text);
    if (!curve) {
      ++refused;
      STRCMP_CONTAINS("spot.toml", curve.error().text().c_str());
      continue;
    }
    for (const auto& stream : curve->streams) CHECK_TRUE(stream.per_minute.size() <= acd::kCurveMinutesMax);
  }
  CHECK_TRUE(refused > 1000);
}
