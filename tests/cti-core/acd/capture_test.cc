// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/capture.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;
using Act = Capture::Act;

namespace {
const CaptureConfig kRelease{.cause = 17}, kEarly{.cause = 42, .prompt = "busy", .media = CaptureMedia::early}, kAnswered{.prompt = "busy", .media = CaptureMedia::answered};
}

TEST_GROUP(CaptureRule){};

TEST(CaptureRule, without_a_limit_nobody_is_captured) {
  CHECK(capture({.free = 1}, kRelease).act == Act::none);
  CHECK(capture({.free = 1, .expected = 1h}, kRelease).act == Act::none);
}

TEST(CaptureRule, at_the_reserve_and_below_a_caller_is_released_and_above_it_not) {
  CHECK(capture({.free = 4, .always = {.reserve = 3}}, kRelease).act == Act::none);
  const Capture at = capture({.free = 3, .always = {.reserve = 3}}, kRelease);
  CHECK(at.act == Act::release && at.why == CaptureWhy::channels);
  LONGS_EQUAL(17, at.cause);
}

TEST(CaptureRule, who_would_wait_longer_than_the_limit_is_captured_and_who_cannot_be_told_is_not) {
  const auto of = [](std::optional<Duration> expected) { return capture({.free = 30, .always = {.reserve = 0, .expected = 60s}, .expected = expected}, kEarly); };
  CHECK(of(60s).act == Act::none);
  CHECK(of(std::nullopt).act == Act::none);
  const Capture late = of(61s);
  CHECK(late.act == Act::early && late.why == CaptureWhy::wait);
  LONGS_EQUAL(42, late.cause);
}

TEST(CaptureRule, while_a_spot_is_armed_the_stricter_limit_counts) {
  CHECK(capture({.free = 5, .always = {.reserve = 3}, .spot = {.reserve = 8}}, kRelease).act == Act::release);
  CHECK(capture({.free = 3, .always = {.reserve = 3}, .spot = {.reserve = 1}}, kRelease).act == Act::release);
  CHECK(capture({.free = 9, .always = {.reserve = 0, .expected = 300s}, .spot = {.reserve = 0, .expected = 30s}, .expected = 31s}, kRelease).act == Act::release);
}

TEST(CaptureRule, a_number_can_be_excepted) {
  CaptureConfig never = kRelease;
  never.on = false;
  CHECK(capture({.free = 1, .always = {.reserve = 3}}, never).act == Act::none);
}

TEST(CaptureRule, an_analog_line_is_answered_whatever_was_asked_for) {
  for (const auto& config : {kRelease, kEarly, kAnswered}) {
    const Capture line = capture({.free = 1, .always = {.reserve = 3}, .line = true}, config);
    CHECK(line.act == Act::answered);
    LONGS_EQUAL(16, line.cause);
  }
  CHECK(capture({.free = 2, .always = {.reserve = 3}}, kAnswered).act == Act::answered);
}

TEST(CaptureRule, a_sentence_is_spoken_only_while_more_than_half_of_the_reserve_is_free) {
  for (const auto& config : {kEarly, kAnswered}) {
    CHECK(capture({.free = 5, .always = {.reserve = 8}}, config).act != Act::release);
    const Capture low = capture({.free = 4, .always = {.reserve = 8}}, config);
    CHECK(low.act == Act::release);
    LONGS_EQUAL(config.cause, low.cause);
  }
  CHECK(capture({.free = 1, .always = {.reserve = 1}}, kEarly).act == Act::early);
}
