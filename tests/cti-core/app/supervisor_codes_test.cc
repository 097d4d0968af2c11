// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/supervisor_codes.h"

#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(SupervisorCodes) {};

TEST(SupervisorCodes, the_codes_are_read_digit_by_digit) {
  using app::SupervisorDigits;
  static const CenterConfig config = test::desk_config();
  const auto read = [](std::string_view digits, bool ended = false) { return app::read_supervisor(digits, ended, config); };
  for (const auto& code : app::kSupervisorCodes) {
    const std::string digit(1, code.digit), transfer = code.verb == SupervisorVerb::forceTransfer ? "*2002" : "";
    CHECK_TRUE(read(digit).read == SupervisorDigits::Read::more);
    CHECK_TRUE(read(digit + "200").read == SupervisorDigits::Read::more);
    const auto whole = read(digit + "2001" + transfer);
    CHECK_TRUE(whole.read == SupervisorDigits::Read::done);
    CHECK_TRUE(whole.order.verb == code.verb && whole.order.agent == "2001");
    CHECK_TRUE(read(digit + "9", false).read == SupervisorDigits::Read::wrong);
    CHECK_TRUE(read(digit + "200", true).read == SupervisorDigits::Read::wrong);
  }
  CHECK_TRUE(read("").read == SupervisorDigits::Read::more);
  CHECK_TRUE(read("", true).read == SupervisorDigits::Read::wrong);
  CHECK_TRUE(read("0").read == SupervisorDigits::Read::wrong);
  CHECK_TRUE(read("52001*").read == SupervisorDigits::Read::more);
  CHECK_TRUE(read("59999*2001").read == SupervisorDigits::Read::wrong);
  CHECK_TRUE(read("1", true).read == SupervisorDigits::Read::wrong);
}
