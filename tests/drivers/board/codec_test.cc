// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/board/codec.h"

#include <boost/mp11.hpp>

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::board;

namespace {

template <class T>
std::string text_of(const T& what) {
  std::string out;
  board::write(out, what);
  return out;
}
std::string request_again(std::string_view line) {
  const auto r = read_request(line);
  return r ? text_of(*r) : r.error().text();
}
std::string report_again(std::string_view line) {
  const auto r = read_report(line);
  return r ? text_of(*r) : r.error().text();
}

}  // namespace

TEST_GROUP(Codec) {};

TEST(Codec, every_command_comes_back_as_it_was_written) {
  int alternatives = 0;
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Command>>>([&](auto i) {
    const Command command(std::in_place_index<decltype(i)::value>);
    const std::string line = text_of(command);
    STRCMP_EQUAL(line.c_str(), request_again(line).c_str());
    CHECK_TRUE(line.starts_with("{\"command\":\"" + std::string(name_of(command)) + "\""));
    ++alternatives;
  });
  CHECK_EQUAL(23, alternatives);
}

TEST(Codec, every_event_comes_back_as_it_was_written) {
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Event>>>([&](auto i) {
    const Envelope e{1'767'225'600'000'001, 7, from_us(1'767'225'600'123'456), Event(std::in_place_index<decltype(i)::value>)};
    const std::string line = text_of(e);
    STRCMP_EQUAL(line.c_str(), report_again(line).c_str());
    CHECK_TRUE(line.starts_with("{\"event\":\"" + std::string(name_of(e.event)) + "\",\"epoch\":1767225600000001,\"seq\":7,\"at\":1767225600123456"));
    // No event has a member of the envelope's: a duplicate would have been refused above.
  });
}

TEST(Codec, the_lines_are_those_of_the_protocol) {
  STRCMP_EQUAL(R"({"command":"play","leg":5,"play":7,"prompts":["zh/welcome","zh/menu"],"barge_in":true})",
               text_of(Command(cmd::Play{LegId{5}, 7, {"zh/welcome", "zh/menu"}, true})).c_str());
  STRCMP_EQUAL(R"({"command":"set_tag","leg":4503599627370497,"tag":{"call":9,"mode":"queued"}})",
               text_of(Command(cmd::SetTag{LegId{kCtidLegBase + 1}, {9, Mode::queued}})).c_str());
  STRCMP_EQUAL(R"({"event":"digit","epoch":3,"seq":1,"at":1000,"leg":2,"digit":"#","duration_ms":80})",
               text_of(Envelope{3, 1, from_us(1000), evt::Digit{LegId{2}, '#', 80}}).c_str());
  STRCMP_EQUAL(R"({"hello":"ctid","version":1,"last":{"12":34}})", text_of(Request(Hello{"ctid", 1, {{12, 34}}})).c_str());
  STRCMP_EQUAL(R"({"hello":"boardd","version":1,"epoch":12})", text_of(Report(Welcome{1, 12})).c_str());
  STRCMP_EQUAL(R"({"request":"trace","span":"e1a","on":false})", text_of(Request(TraceRequest{"e1a", false})).c_str());
  STRCMP_EQUAL(R"({"request":"bert","span":"e1a","channel":5})", text_of(Request(LineTest(test::Bert{"e1a", 5}))).c_str());
  STRCMP_EQUAL(R"({"request":"loopback","span":"e1a","channel":0,"on":true})", text_of(Request(LineTest(test::Loopback{"e1a", 0, true}))).c_str());
  STRCMP_EQUAL(R"({"request":"end"})", text_of(Request(EndTest{})).c_str());
  STRCMP_EQUAL(R"({"bert":{"span":"e1a","channels":[{"channel":5,"bits":64000,"errors":1,"losses":0}]}})",
               text_of(Report(BertReport{"e1a", {{5, 64000, 1, 0}}})).c_str());
  STRCMP_EQUAL(R"({"error":"no","line_no":3})", text_of(Report(LineError{"no", 3})).c_str());
  const std::uint8_t bytes[] = {0x02, 0x01, 0x7f, 0xff};
  std::string line;
  write_frame(line, "e1a", true, from_us(5), bytes);
  STRCMP_EQUAL(R"({"frame":{"span":"e1a","sent":true,"at":5,"hex":"02017fff"}})", line.c_str());
}

TEST(Codec, values_arrive_where_they_belong) {
  const auto r = read_report(
      R"({"event":"offered","epoch":9,"seq":2,"at":77,"leg":3,"span":"e1b","channel":31,"crv":300,"group":"pstn","calling":"","called":"400","complete":false,"line":"trunk","later":1})");
  CHECK_TRUE(r.has_value());
  const auto& e = std::get<Envelope>(*r);
  const auto& o = std::get<evt::Offered>(e.event);
  CHECK_EQUAL(9u, e.epoch);
  CHECK_EQUAL(2u, e.seq);
  CHECK_EQUAL(77, to_us(e.at));
  CHECK_EQUAL(3u, to_number(o.leg));
  CHECK_EQUAL(31, o.channel);
  CHECK_EQUAL(300, o.crv);
  STRCMP_EQUAL("400", o.called.c_str());
  CHECK_FALSE(o.complete);
  const auto h = read_request(R"({"hello":"ctid","version":1,"last":{"18446744073709551615":5}})");
  CHECK_EQUAL(5u, std::get<Hello>(*h).last.at(~std::uint64_t{0}));
}

TEST(Codec, a_snapshot_comes_back_as_it_was_written) {
  Snapshot s{5, 6, from_us(7), {}, {}, {}};
  s.legs.push_back({LegId{1}, LineKind::station, "fxs", 2, "8002", "1", "2", true, LegState::connected, {3, Mode::connected}, LegId{4}, true, from_us(9)});
  s.spans.push_back({"e1a", "e1", "pstn", true, false, {"red", "clock"}, 30, 4, {{"slips", 2}}});
  s.stations.push_back({"8002", true, false});
  const std::string line = text_of(s);
  STRCMP_EQUAL(line.c_str(), report_again(line).c_str());
  CHECK_TRUE(line.find(R"("alarms":["red","clock"])") != std::string::npos);
}

TEST(Codec, line_tests_and_their_reports_come_back_as_they_were_written) {
  for (const LineTest& t : {LineTest(test::Call{"city", "1", "2"}), LineTest(test::Level{"e1a", 3}), LineTest(test::Loopback{"e1a", 3, false}), LineTest(test::Bert{"e1a", 0})}) {
    const std::string line = text_of(Request(t));
    STRCMP_EQUAL(line.c_str(), request_again(line).c_str());
  }
  for (const Report& r : {Report(LevelReport{"e1a", 3, -10.5, -80}), Report(BertReport{"e1a", {{5, 1, 2, 3}}})}) {
    const std::string line = text_of(r);
    STRCMP_EQUAL(line.c_str(), report_again(line).c_str());
  }
}

TEST(Codec, a_frame_keeps_its_bytes_and_broken_hex_is_refused) {
  const auto r = read_report(R"({"frame":{"span":"x","sent":false,"at":1,"hex":"00ffA5"}})");
  CHECK_TRUE(std::get<Frame>(*r).bytes == std::string("\x00\xff\xa5", 3));
  CHECK_FALSE(read_report(R"({"frame":{"span":"x","sent":false,"at":1,"hex":"00f"}})").has_value());
  CHECK_FALSE(read_report(R"({"frame":{"span":"x","sent":false,"at":1,"hex":"0g"}})").has_value());
}

TEST(Codec, a_bad_line_says_what_is_wrong) {
  STRCMP_EQUAL("unknown command 'fly'", request_again(R"({"command":"fly"})").c_str());
  STRCMP_EQUAL("member 'leg' is missing", request_again(R"({"command":"answer"})").c_str());
  STRCMP_EQUAL("member 'leg' must be a number", request_again(R"({"command":"answer","leg":-1})").c_str());
  STRCMP_EQUAL("member 'role' must be one of talk listen", request_again(R"({"command":"join","leg":1,"conference":1,"role":"shout"})").c_str());
  STRCMP_EQUAL("member 'command' must be a string", request_again(R"({"command":1})").c_str());
  STRCMP_EQUAL("a line must be one JSON object", request_again("[1]").c_str());
  STRCMP_EQUAL("a line must have 'command', 'hello' or 'request'", request_again("{}").c_str());
  STRCMP_EQUAL("unknown request 'x' (status, trace, call, level, loopback, bert or end)", request_again(R"({"request":"x"})").c_str());
  STRCMP_EQUAL("member 'last' must name epochs by their number", request_again(R"({"hello":"ctid","version":1,"last":{"1x":1}})").c_str());
  STRCMP_EQUAL("a member is named twice", request_again(R"({"command":"answer","leg":1,"leg":2})").c_str());
  STRCMP_EQUAL("member 'seq' is missing", report_again(R"({"event":"answered","epoch":1,"at":1,"leg":1})").c_str());
  STRCMP_EQUAL("unknown event 'x'", report_again(R"({"event":"x","epoch":1,"seq":1,"at":1})").c_str());
}
