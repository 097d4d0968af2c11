// What the tests of agents' phones share: phones outside, kept lines and headsets on a desk.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

namespace sr::test {

// `home` is dialled for each call; `kept` (key 1) and `auto` are lines of the PBX that are kept up; 1004 is a headset (key *).
inline std::vector<PhoneConfig> outside_phones() {
  return {{.name = "home", .group = "city", .number = "13900000001", .accept_key = "1"},
          {.name = "kept", .group = "pbx", .number = "601", .kept_up = true, .accept_key = "1"},
          {.name = "auto", .group = "pbx", .number = "602", .kept_up = true},
          {.name = "1004", .kept_up = true, .accept_key = "*"}};
}

struct DevicesDesk : Utest {
  Desk desk;
  explicit DevicesDesk(CenterConfig config) : desk(std::move(config)) {}

  void key(LegId leg, char digit) {
    desk.board.happens(board::evt::Digit{leg, digit, 80});
    desk.settle();
  }
  void keys(LegId leg, const std::string& digits) {
    for (const char d : digits) key(leg, d);
  }
  LegId dialled(const std::string& number) const {
    for (const auto& [id, leg] : desk.board.legs_)
      if (leg.shown.outgoing && leg.shown.called == number) return id;
    return LegId::none;
  }
  LegId with(LegId leg) const { return desk.board.legs_.at(leg).shown.connected_to; }
  LegId answers(const std::string& number) {
    const LegId leg = dialled(number);
    CHECK_TRUE(leg != LegId::none);
    desk.board.answer(leg);
    desk.settle();
    return leg;
  }
  void gone(LegId leg, int cause) {
    desk.board.gone(leg, cause, true);
    desk.settle();
  }
  void restart() {
    desk.run(100ms);
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
  }
  bool shows(const std::string& text) const { return desk.center->cti().agents_json().find(text) != std::string::npos; }
};

}  // namespace sr::test
