// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/line_tests.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::boardctl;

TEST_GROUP(LineTests) {};

TEST(LineTests, a_line_is_a_span_or_one_of_its_channels) {
  CHECK_EQUAL(0, line_named("e1-1")->channel);
  CHECK_EQUAL(31, line_named("e1-1/31")->channel);
  STRCMP_EQUAL("e1-1", line_named("e1-1/31")->span.c_str());
  for (const char* wrong : {"", "/3", "e1-1/", "e1-1/x", "e1-1/3x", "e1-1/0", "e1-1/-1"}) CHECK_FALSE(line_named(wrong).has_value());
}

TEST(LineTests, a_level_is_a_number_and_a_bar) {
  STRCMP_EQUAL("e1-1/5  heard  -30.0 dBm0 ##########...........  sent  -80.0 dBm0 .....................", level_line({"e1-1", 5, -30, -80}).c_str());
  STRCMP_EQUAL("e1-1/5  heard    3.1 dBm0 #####################  sent  -57.0 dBm0 #....................", level_line({"e1-1", 5, 3.14, -57}).c_str());
}

TEST(LineTests, a_channel_passes_without_an_error_or_up_to_the_rate) {
  CHECK_TRUE(bert_verdict({"e1-1", {{5, 640'000, 0, 0}}}, 0).passed);
  STRCMP_EQUAL("e1-1/5: passed, no error in 640000 bits, rate below 1.6e-06\n", bert_verdict({"e1-1", {{5, 640'000, 0, 0}}}, 0).text.c_str());
  CHECK_FALSE(bert_verdict({"e1-1", {{5, 640'000, 64, 0}}}, 0).passed);
  STRCMP_EQUAL("e1-1/5: FAILED, 64 errors in 640000 bits, rate 1.0e-04\n", bert_verdict({"e1-1", {{5, 640'000, 64, 0}}}, 0).text.c_str());
  CHECK_TRUE(bert_verdict({"e1-1", {{5, 640'000, 64, 0}}}, 1e-4).passed);
  CHECK_FALSE(bert_verdict({"e1-1", {{5, 640'000, 0, 1}}}, 1).passed);
  CHECK_FALSE(bert_verdict({"e1-1", {}}, 1).passed);
}

TEST(LineTests, a_sequence_that_never_came_fails_and_says_what_to_do) {
  const auto v = bert_verdict({"e1-1", {{5, 0, 0, 0}, {6, 64'000, 0, 0}}}, 0);
  CHECK_FALSE(v.passed);
  CHECK_TRUE(v.text.find("e1-1/5: FAILED, the sequence does not come back") != std::string::npos);
  CHECK_TRUE(v.text.find("e1-1: FAILED, 1 of 2 channels") != std::string::npos);
  CHECK_TRUE(v.text.find("loop the far end") != std::string::npos);
}
