// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/collect.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;

namespace {
CollectRequest request(std::size_t min, std::size_t max, const char* pattern = nullptr) {
  CollectRequest r;
  r.min = min;
  r.max = max;
  if (pattern) r.pattern = *Pattern::compile(pattern);
  return r;
}
Collector typed(CollectRequest r, const char* keys) {
  Collector c(std::move(r));
  for (; *keys; ++keys) c.digit(*keys);
  return c;
}
}  // namespace

TEST_GROUP(Collector){};

TEST(Collector, ends_with_the_last_digit) {
  Collector c = typed(request(1, 4), "123");
  CHECK(!c.ended());
  CHECK(c.digit('4'));
  CHECK(c.end() == CollectEnd::max);
  STRCMP_EQUAL("1234", c.digits().c_str());
}
TEST(Collector, ends_with_the_terminator_which_is_no_digit) {
  const Collector c = typed(request(1, 8), "12#");
  CHECK(c.end() == CollectEnd::terminator && c.good());
  STRCMP_EQUAL("12", c.digits().c_str());
}
TEST(Collector, is_not_good_with_too_few_digits) { CHECK(typed(request(4, 8), "12#").end() == CollectEnd::too_few); }
TEST(Collector, takes_enough_digits_at_the_timeout) {
  Collector c = typed(request(2, 8), "12");
  CHECK(c.timeout());
  CHECK(c.end() == CollectEnd::timeout && c.good());
}
TEST(Collector, says_none_when_nothing_came) {
  Collector c = typed(request(1, 8), "");
  c.timeout();
  CHECK(c.end() == CollectEnd::none && !c.good());
}
TEST(Collector, checks_the_pattern) {
  CHECK(typed(request(1, 11, "1%d+$"), "13800000001").good());
  CHECK(typed(request(1, 11, "1%d+$"), "23800000001").end() == CollectEnd::invalid);
}
TEST(Collector, may_have_no_terminator) {
  CollectRequest r = request(1, 3);
  r.terminator = '\0';
  STRCMP_EQUAL("12#", typed(r, "12#").digits().c_str());
}
TEST(Collector, waits_longer_for_the_first_digit) {
  CollectRequest r = request(1, 3);
  r.first_timeout = 7s;
  r.digit_timeout = 2s;
  Collector c(r);
  CHECK(c.next_timeout() == 7s);
  c.digit('1');
  CHECK(c.next_timeout() == 2s);
}
