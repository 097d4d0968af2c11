// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/profile.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::profile;

namespace {
const std::string kE1 = "[[span]]\nname = \"e1-1\"\nkind = \"e1\"\ngroup = \"city\"\n";
const std::string kFxs = "[[span]]\nname = \"fxs-1\"\nkind = \"fxs\"\nstations = \"1001-1004\"\n";
}  // namespace

TEST_GROUP(Profile) {
  Profile good(const std::string& toml) {
    auto p = parse_profile(toml, "p.toml");
    if (!p) FAIL(p.error().text().c_str());
    return std::move(*p);
  }
  void bad(const std::string& toml, int line, const char* says) {
    const auto p = parse_profile(toml, "p.toml");
    CHECK(!p);
    if (p) return;
    STRCMP_EQUAL(("p.toml:" + std::to_string(line)).c_str(), p.error().where.c_str());
    STRCMP_CONTAINS(says, p.error().text().c_str());
    CHECK(!p.error().fix.empty());
  }
};

TEST(Profile, the_shipped_profiles_are_read) {
  const auto show = read_profile("hw-profiles/soft-show.toml");
  CHECK(show.has_value());
  CHECK_EQUAL(4u, show->spans.size());
  CHECK(!show->spans[0].network_side);
  CHECK(show->spans[0].t309 == 90s);
  CHECK_EQUAL(24u, show->spans[2].stations.size());
  STRCMP_EQUAL("1025", show->spans[3].stations[0].number.c_str());
  const auto exchange = read_profile("hw-profiles/soft-exchange.toml");
  CHECK(exchange.has_value());
  for (std::size_t i = 0; i < 4; ++i) STRCMP_EQUAL(show->spans[i].name.c_str(), exchange->spans[i].name.c_str());
  CHECK(exchange->spans[0].network_side);
  CHECK(exchange->spans[2].kind == SpanKind::fxo);
}

TEST(Profile, every_key_arrives) {
  const auto p = good(R"([board]
socket = "/run/b"
softspan_socket = "s"
spool = "sp"
trace_dir = "t"
record_dir = "r"
prompt_dir = "pr"
music = "m.wav"
tone_zone = "us"
disk_low_percent = 7
fallback_after_s = 12
fallback_prompt = "en/fallback"
realtime = false
[[span]]
name = "t1"
kind = "t1"
group = "g"
side = "network"
switch_type = "ni2"
hunt = "least_recent"
d_channel = 24
overlap = true
number_length = 7
restart_at_start = false
t301_s = 1
t302_s = 2
t304_s = 3
t309_s = 4
t310_s = 5
[[span]]
name = "f"
kind = "fxs"
stations = "0101-0102,7"
flash_ms = 400
howler_s = 20
dial_tone_s = 10
)");
  CHECK(p.socket == "/run/b" && p.tone_zone == "us" && p.disk_low_percent == 7 && p.fallback_after == 12s && !p.realtime && p.music == "m.wav");
  const auto& t = p.spans[0];
  CHECK(t.kind == SpanKind::t1 && t.network_side && t.switch_type == "ni2" && t.hunt == "least_recent" && t.overlap && t.number_length == 7 && !t.restart_at_start);
  CHECK(t.t301 == 1s && t.t302 == 2s && t.t304 == 3s && t.t309 == 4s && t.t310 == 5s);
  const auto& f = p.spans[1];
  CHECK(f.flash == 400ms && f.howler == 20s && f.dial_tone == 10s);
  CHECK_EQUAL(3u, f.stations.size());
  STRCMP_EQUAL("0102", f.stations[1].number.c_str());
  CHECK_EQUAL(3, f.stations[2].channel);
}

TEST(Profile, relative_paths_are_below_the_run_directory) {
  STRCMP_EQUAL("run/board.sock", Profile::below("run", "board.sock").c_str());
  STRCMP_EQUAL("/tmp/x", Profile::below("run", "/tmp/x").c_str());
  STRCMP_EQUAL("run", Profile::below("run", ".").c_str());
}

TEST(Profile, an_unknown_key_is_an_error) {
  bad(kE1 + "grupe = \"x\"\n", 5, "unknown key span.grupe");
  bad("[board]\nsokcet = \"x\"\n" + kE1, 2, "unknown key board.sokcet");
  bad(kE1 + "[borad]\n", 5, "unknown table or key 'borad'");
}

TEST(Profile, a_wrong_type_is_an_error) {
  bad("[[span]]\nname = 5\n", 2, "span.name: must be a text");
  bad(kE1 + "t301_s = \"long\"\n", 5, "must be a whole number");
  bad(kE1 + "overlap = 1\n", 5, "must be true or false");
  bad("span = 5\n", 1, "list of tables");
  bad("board = 5\n" + kE1, 1, "board must be a table");
}

TEST(Profile, a_value_out_of_range_is_an_error) {
  bad(kE1 + "t310_s = 0\n", 5, "out of range");
  bad("[board]\ndisk_low_percent = 51\n" + kE1, 2, "out of range");
  bad(kE1 + "switch_type = \"euro\"\n", 5, "not known");
}

TEST(Profile, a_span_named_twice_is_an_error) { bad(kE1 + kE1, 5, "a second time"); }

TEST(Profile, a_station_that_stands_twice_is_an_error) {
  bad("[[span]]\nname = \"a\"\nkind = \"fxs\"\nstations = \"1001-1004,1002\"\n", 4, "twice");
  bad(kFxs + "[[span]]\nname = \"fxs-2\"\nkind = \"fxs\"\nstations = \"1004-1008\"\n", 5, "station 1004");
}

TEST(Profile, a_range_that_is_none_is_an_error) {
  for (const char* range : {"", "x", "1004-1001", "1-", "-5", "1001-10020", "1001,,1002", "1-40"})
    bad("[[span]]\nname = \"a\"\nkind = \"fxs\"\nstations = \"" + std::string(range) + "\"\n", 4, "span.stations");
}

TEST(Profile, a_d_channel_on_a_b_channel_is_an_error) {
  bad(kE1 + "d_channel = 24\n", 5, "clashes");
  bad("[[span]]\nname = \"t\"\nkind = \"t1\"\ngroup = \"g\"\nd_channel = 16\n", 5, "write d_channel = 24");
}

TEST(Profile, keys_of_another_kind_are_an_error) {
  bad(kE1 + "stations = \"1-2\"\n", 5, "no meaning");
  bad(kFxs + "t301_s = 5\n", 5, "no meaning");
  bad(kFxs + "group = \"g\"\n", 5, "no trunk group");
}

TEST(Profile, what_is_required_is_asked_for) {
  bad("[[span]]\nkind = \"e1\"\ngroup = \"g\"\n", 1, "span.name");
  bad("[[span]]\nname = \"x\"\ngroup = \"g\"\n", 1, "span.kind");
  bad("[[span]]\nname = \"x\"\nkind = \"e1\"\n", 1, "span.group");
  bad("[board]\n", 1, "there is no span");
}

TEST(Profile, a_group_has_one_side) {
  bad(kE1 + "[[span]]\nname = \"e1-2\"\nkind = \"e1\"\ngroup = \"city\"\nside = \"network\"\n", 5, "different kind or side");
}

TEST(Profile, the_line_of_the_side_is_kept_for_the_log) {
  STRCMP_EQUAL("p.toml:5", good(kE1 + "side = \"network\"\n").spans[0].side_where.c_str());
}

TEST(Profile, a_group_is_hunted_in_one_order) {
  std::string other = kE1;
  other.replace(other.find("e1-1"), 4, "e1-2");
  bad(kE1 + "hunt = \"ascending\"\n" + other, 6, "in two orders");
}

namespace {
std::string nfas(const std::string& name, const std::string& interface, const std::string& d, const std::string& more = "") {
  return "[[span]]\nname = \"" + name + "\"\nkind = \"t1\"\ngroup = \"city\"\nswitch_type = \"ni2\"\nnfas_group = \"n1\"\nnfas_interface = " + interface +
         "\nd_channel = " + d + "\n" + more;  // 8 lines
}
}  // namespace

TEST(Profile, an_nfas_group_has_interfaces_and_d_channels) {
  const auto p = good(nfas("a", "0", "\"primary\"") + nfas("b", "1", "\"backup\"") + nfas("c", "2", "\"none\"") + nfas("d", "3", "\"none\""));
  STRCMP_EQUAL("backup", p.spans[1].d_channel.c_str());
  CHECK(p.spans[2].nfas_group == "n1" && p.spans[2].nfas_interface == 2);
  CHECK(good(nfas("a", "0", "\"primary\"")).spans.size() == 1);
}

TEST(Profile, nfas_keys_that_do_not_go_together_are_refused) {
  const std::string primary = nfas("a", "0", "\"primary\"");
  bad(nfas("a", "0", "24"), 8, "must be a word in an NFAS group");
  bad(nfas("a", "0", "\"both\""), 8, "'both' is not known");
  bad(nfas("a", "200", "\"primary\""), 7, "out of range");
  bad(nfas("a", "0", "\"backup\""), 1, "no primary D channel");
  bad(nfas("a", "0", "\"none\""), 1, "no primary D channel");
  bad(primary + nfas("b", "1", "\"primary\""), 9, "has a primary D channel in span \"a\" already");
  bad(primary + nfas("b", "1", "\"backup\"") + nfas("c", "2", "\"backup\""), 17, "has a backup D channel in span \"b\" already");
  bad(primary + nfas("b", "0", "\"none\""), 9, "is span \"a\" already");
  std::string qsig = primary;
  qsig.replace(qsig.find("ni2"), 3, "qsig");
  bad(qsig, 6, "does not go with switch_type = \"qsig\"");
  std::string dms = nfas("b", "1", "\"none\"");
  dms.replace(dms.find("ni2"), 3, "dms100");
  bad(primary + dms, 9, "different kind, side or switch_type");
  bad(kE1 + "nfas_group = \"n1\"\nnfas_interface = 0\n", 1, "d_channel: is missing");
  bad(kE1 + "nfas_group = \"n1\"\nd_channel = \"primary\"\n", 1, "nfas_interface: is missing");
  bad(kE1 + "d_channel = \"backup\"\n", 5, "in no NFAS group");
  bad(kE1 + "nfas_interface = 1\n", 5, "without nfas_group");
  bad(kFxs + "nfas_group = \"n1\"\n", 5, "has no meaning");
  std::string many;
  for (int i = 0; i <= 20; ++i) many += nfas("s" + std::to_string(i), std::to_string(i), i == 0 ? "\"primary\"" : "\"none\"");
  bad(many, 161, "more than 20 spans");
}

TEST(Profile, broken_toml_is_an_error_with_its_line) { bad(kE1 + "name = = 5\n", 5, "not TOML"); }

TEST(Profile, a_file_that_is_not_there_is_named) {
  const auto p = read_profile("/nonexistent/x.toml");
  CHECK(!p);
  STRCMP_EQUAL("/nonexistent/x.toml", p.error().where.c_str());
}
