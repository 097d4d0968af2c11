// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/dial_plan.h"

#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using app::PhoneOrder;
using Kind = PhoneOrder::Kind;

TEST_GROUP(DialPlan) {
  CenterConfig config = test::desk_config();
  PhoneOrder read(std::string_view digits, bool ended = false) { return app::read_digits(digits, ended, config); }
  void is(Kind kind, std::string_view digits, bool ended = false) { CHECK_TRUE_TEXT(read(digits, ended).kind == kind, std::string(digits).c_str()); }
};

TEST(DialPlan, a_code_is_complete_as_soon_as_nothing_longer_is_possible) {
  is(Kind::more, "*");
  is(Kind::more, "*1");
  is(Kind::logout, "*12");
  is(Kind::ready, "*13");
  is(Kind::more, "*14");
  CHECK_TRUE((read("*141") == PhoneOrder{.kind = Kind::not_ready, .reason = "break"}));
  CHECK_TRUE((read("*14#") == PhoneOrder{.kind = Kind::not_ready, .reason = "unspecified"}));
  is(Kind::wrong, "*149");
  is(Kind::more_wrap_up, "*15");
  is(Kind::wrong, "*16");
}

TEST(DialPlan, a_login_has_id_and_pin_with_or_without_a_star_between) {
  CHECK_TRUE((read("*1120011") == PhoneOrder{.kind = Kind::login, .agent = "2001", .pin = "1"}));
  CHECK_TRUE((read("*112001*1") == PhoneOrder{.kind = Kind::login, .agent = "2001", .pin = "1"}));
  is(Kind::more, "*112001");
  CHECK_TRUE((read("*1120019#") == PhoneOrder{.kind = Kind::login, .agent = "2001", .pin = "9"}));
  is(Kind::wrong, "*119999#");
}

TEST(DialPlan, the_access_digit_dials_out_after_hash_or_pause) {
  is(Kind::more, "0139");
  CHECK_TRUE((read("0139#") == PhoneOrder{.kind = Kind::dial, .number = "139"}));
  CHECK_TRUE((read("0139", true) == PhoneOrder{.kind = Kind::dial, .number = "139"}));
  is(Kind::wrong, "0#");
  is(Kind::wrong, "01*");
  is(Kind::wrong, "5");
  is(Kind::wrong, "", true);
}
