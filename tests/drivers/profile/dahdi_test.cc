// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/countries.h"
#include "drivers/profile/profile.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::profile;

namespace {
std::string e1(const std::string& name, const std::string& keys) {
  return "[[span]]\nname = \"" + name + "\"\nkind = \"e1\"\ngroup = \"" + name + "\"\n" + keys;
}
const std::string kBoardE1 = "driver = \"dahdi\"\ndahdi_span = 1\n";
}  // namespace

TEST_GROUP(DahdiProfile) {
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

TEST(DahdiProfile, a_span_is_soft_unless_it_says_dahdi) {
  CHECK(!good(e1("a", "")).spans[0].dahdi.has_value());
  CHECK(good(e1("a", kBoardE1)).spans[0].dahdi.has_value());
  bad(e1("a", "crc4 = true\n"), 5, "driver = \"dahdi\"");
  bad(e1("a", "driver = \"dahdi\"\n"), 1, "dahdi_span: is missing");
}

TEST(DahdiProfile, channels_follow_each_other_and_clocks_are_ranked) {
  const auto p = good("[board]\ntone_zone = \"us\"\n" + e1("a", kBoardE1) + e1("b", "driver = \"dahdi\"\ndahdi_span = 2\nside = \"network\"\n") + e1("c", "") +
                      "[[span]]\nname = \"t\"\nkind = \"t1\"\ngroup = \"t\"\ndriver = \"dahdi\"\ndahdi_span = 3\n"
                      "[[span]]\nname = \"f\"\nkind = \"fxs\"\nstations = \"1-4\"\ndriver = \"dahdi\"\ndahdi_span = 4\n"
                      "[[span]]\nname = \"o\"\nkind = \"fxo\"\ngroup = \"o\"\nlines = 2\ndriver = \"dahdi\"\ndahdi_span = 4\nlaw = \"alaw\"\n");
  const int first[] = {1, 32, 0, 63, 87, 91}, channels[] = {31, 31, 0, 24, 4, 2}, timing[] = {1, 0, 0, 2, 0, 0};
  for (std::size_t i = 0; i < p.spans.size(); ++i) {
    if (!p.spans[i].dahdi) continue;
    CHECK_EQUAL(first[i], p.spans[i].dahdi->first_channel);
    CHECK_EQUAL(channels[i], p.spans[i].dahdi->channels);
    CHECK_EQUAL(timing[i], p.spans[i].dahdi->timing);
  }
  CHECK(p.spans[0].dahdi->alaw && !p.spans[3].dahdi->alaw);
  CHECK(!p.spans[4].dahdi->alaw);  // of the country
  CHECK(p.spans[5].dahdi->alaw);   // as written
  STRCMP_EQUAL("USA", p.dahdi.opermode.c_str());
}

TEST(DahdiProfile, what_makes_no_sense_is_refused_with_its_line) {
  bad(e1("a", kBoardE1 + "coding = \"b8zs\"\n"), 7, "hdb3, ami");
  bad(e1("a", kBoardE1 + "lines = 4\n"), 7, "digital span");
  bad(e1("a", kBoardE1 + "echo_taps = 100\n"), 7, "power of two");
  bad(e1("a", kBoardE1 + "timing = 16\n"), 7, "0 to 15");
  bad(e1("a", kBoardE1 + "dynamic = \"usb,1\"\n"), 7, "loc,1:0");
  bad(e1("a", kBoardE1) + e1("b", kBoardE1), 7, "\"a\" already");
  bad(e1("a", kBoardE1) + e1("b", "driver = \"dahdi\"\ndahdi_span = 2\ndahdi_channel = 31\n"), 7, "share DAHDI channels");
  bad(e1("a", kBoardE1 + "dahdi_channel = 1000\n"), 1, "end at 1030");
  bad("[board]\nmodules = \"wct4xxp; reboot\"\n" + e1("a", ""), 2, "no list of at most 8 kernel modules");
  bad("[board]\nopermode = \"china\"\n" + e1("a", ""), 2, "CHINA");
  bad("[board]\ncountry = \"China\"\n" + e1("a", ""), 2, "two letters");
  bad("[[span]]\nname = \"o\"\nkind = \"fxo\"\ngroup = \"o\"\ndriver = \"dahdi\"\ndahdi_span = 4\n", 1, "lines: is missing");
  bad("[[span]]\nname = \"o\"\nkind = \"fxo\"\ngroup = \"o\"\ndriver = \"dahdi\"\ndahdi_span = 4\nlines = 2\ncrc4 = true\n", 8, "analog");
}

TEST(DahdiProfile, a_country_that_nobody_lists_has_a_law_and_no_mode) {
  STRCMP_EQUAL("CHINA", std::string(country_named("cn").opermode).c_str());
  CHECK(country_named("xx").opermode.empty() && !country_named("xx").mulaw);
}

TEST(DahdiProfile, an_exchange_line_says_how_numbers_answers_and_ends_are_told) {
  const auto line = [](const std::string& keys) { return "[[span]]\nname = \"l\"\nkind = \"fxo\"\ngroup = \"g\"\ndriver = \"dahdi\"\ndahdi_span = 1\nlines = 2\n" + keys; };
  const auto plain = *good(line("")).spans[0].dahdi;
  CHECK(plain.caller_id == "fsk" && plain.busy == "learn" && !plain.answer_polarity && plain.polarity_disconnect);
  const auto all = *good(line("caller_id = \"dtmf\"\nanswer = \"polarity\"\nbusy = \"350/350\"\npolarity_disconnect = false\n")).spans[0].dahdi;
  CHECK(all.caller_id == "dtmf" && all.busy == "350/350" && all.answer_polarity && !all.polarity_disconnect);
  bad(line("answer = \"tone\"\n"), 8, "one of immediate, polarity");
  bad(line("caller_id = \"v23\"\n"), 8, "one of fsk, dtmf, none");
  const std::string phones = "[[span]]\nname = \"p\"\nkind = \"fxs\"\nstations = \"801\"\ndriver = \"dahdi\"\ndahdi_span = 1\n";
  STRCMP_EQUAL("none", good(phones + "caller_id = \"none\"\n").spans[0].dahdi->caller_id.c_str());
  bad(phones + "busy = \"off\"\n", 7, "kind = \"fxo\"");
  bad(e1("a", kBoardE1 + "caller_id = \"fsk\"\n"), 7, "digital span");
  bad("[[span]]\nname = \"p\"\nkind = \"fxs\"\nstations = \"801\"\ncaller_id = \"fsk\"\n", 5, "driver = \"dahdi\"");
}
