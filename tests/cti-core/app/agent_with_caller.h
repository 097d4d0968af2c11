// 2001 at 1001 talks to a caller, 2002 at 1002 is ready; phones 1003 and 1004 lie there without an agent.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

namespace sr::test {

struct AgentWithCaller : Utest {
  Desk desk;
  explicit AgentWithCaller(CenterConfig config = desk_config()) : desk(std::move(config)) {}
  CallId call{};
  LegId caller{};
  const std::string caller_number = "13800000001";

  void setup() override {
    desk.login("2001", "1001");
    call = desk.queued();
    caller = desk.board.legs_.begin()->first;
    desk.talk("1001");
    desk.login("2002", "1002");
  }
  LegId leg(const std::string& phone) const {
    for (const auto& [id, l] : desk.board.legs_)
      if (l.shown.station == phone) return id;
    return LegId::none;
  }
  LegId outside() const { return desk.board.dialled(); }
  void flash(const std::string& digits = {}) {
    desk.board.flash("1001", digits);
    desk.settle();
  }
  void alternate() {
    flash();
    desk.run(app::kFlashDigit);
  }
  void hangs_up(const std::string& phone) {
    desk.board.on_hook(phone);
    desk.settle();
  }
  void caller_goes() {
    desk.board.gone(caller, 16, true);
    desk.settle();
  }
  void second_talks() {
    flash("2002");
    desk.talk("1002");
  }
  void restart() {
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
  }
  void hear(const std::string& callers, const std::string& first, const std::string& second) const {
    const auto is = [&](LegId who, const std::string& what) { STRCMP_EQUAL(what.c_str(), desk.board.has(who) ? desk.board.hears(who).c_str() : "gone"); };
    is(caller, callers);
    is(leg("1001"), first);
    is(leg("1002"), second);
  }
  void with_caller() const { hear("1001", caller_number, "gone"); }
  void states(const char* first, const char* second) {
    STRCMP_EQUAL(first, desk.state("2001").c_str());
    STRCMP_EQUAL(second, desk.state("2002").c_str());
  }
  template <class E>
  std::vector<E> said() const {
    std::vector<E> out;
    for (const auto& row : desk.journal)
      if (const auto* e = std::get_if<E>(&row.event)) out.push_back(*e);
    return out;
  }
  // Held and retrieved, in order: "held 138, retrieved 138".
  std::string holds() const {
    std::string out;
    for (const auto& row : desk.journal) {
      const auto* h = std::get_if<ev::Held>(&row.event);
      const auto* r = std::get_if<ev::Retrieved>(&row.event);
      if (h || r) out += (out.empty() ? "" : ", ") + (h ? "held " + h->heldDevice : "retrieved " + r->retrievedDevice);
    }
    return out;
  }
  // Everybody goes: the books balance, nothing is left over.
  void end(int offered = 1, int answered = 1) {
    std::vector<LegId> trunks;
    for (const auto& [id, l] : desk.board.legs_)
      if (l.shown.station.empty()) trunks.push_back(id);
    for (const LegId id : trunks) desk.board.gone(id, 16, true);
    for (const char* phone : {"1001", "1002", "1003", "1004"}) desk.board.on_hook(phone);
    desk.run(30s);
    LONGS_EQUAL(0, desk.center->calls());
    LONGS_EQUAL(0, desk.center->legs());
    LONGS_EQUAL(0, desk.board.legs_.size());
    const auto b = desk.books();
    CHECK_TRUE(b.balanced);
    LONGS_EQUAL(offered, b.offered);
    LONGS_EQUAL(answered, b.answered);
    LONGS_EQUAL(0, b.in_progress);
    LONGS_EQUAL(0, desk.writer->counters().doubtful);
    LONGS_EQUAL(0, desk.center->counters().no_row);
  }
};

}  // namespace sr::test
