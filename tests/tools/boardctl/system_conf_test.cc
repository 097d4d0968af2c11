// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/system_conf.h"

#include <cstdlib>
#include <filesystem>
#include <set>

#include "drivers/profile/boards.h"
#include "tests/tools/boardctl/tree.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::boardctl;

namespace {

profile::Profile good(const std::string& toml) {
  auto p = profile::parse_profile(toml, "p.toml");
  if (!p) FAIL(p.error().text().c_str());
  return std::move(*p);
}

std::string body(const std::string& text) { return text.substr(text.find("before.\n") + 8); }  // without the two lines of the head

constexpr const char* kE1 = R"([board]
modules = "wct4xxp"
tone_zone = "cn"
[[span]]
name = "a"
kind = "e1"
group = "city"
driver = "dahdi"
dahdi_span = 1
[[span]]
name = "b"
kind = "e1"
group = "pbx"
side = "network"
driver = "dahdi"
dahdi_span = 2
crc4 = false
echo = "off"
)";

constexpr const char* kT1 = R"([board]
modules = "wcte12xp"
tone_zone = "us"
[[span]]
name = "t"
kind = "t1"
group = "city"
switch_type = "ni2"
driver = "dahdi"
dahdi_span = 1
lbo = 2
echo = "kb1"
)";

constexpr const char* kAnalog = R"([board]
modules = "wctdm, wctdm24xxp"
tone_zone = "cn"
[[span]]
name = "phones"
kind = "fxs"
stations = "1001-1004"
driver = "dahdi"
dahdi_span = 1
[[span]]
name = "lines"
kind = "fxo"
group = "lines"
lines = 1
start = "loop"
driver = "dahdi"
dahdi_span = 1
dahdi_channel = 7
)";

}  // namespace

TEST_GROUP(SystemConf) {};

TEST(SystemConf, e1) {
  STRCMP_EQUAL(
      "\n# a (e1)\nspan=1,1,0,ccs,hdb3,crc4\nbchan=1-15,17-31\ndchan=16\nalaw=1-31\nechocanceller=mg2,1-15,17-31\n"
      "\n# b (e1)\nspan=2,0,0,ccs,hdb3\nbchan=32-46,48-62\ndchan=47\nalaw=32-62\n"
      "\nloadzone=cn\ndefaultzone=cn\n",
      body(system_conf(good(kE1))).c_str());
  STRCMP_EQUAL("wct4xxp\n", body(modules_conf(good(kE1))).c_str());
  STRCMP_EQUAL("options wct4xxp default_linemode=e1\n", body(modprobe_conf(good(kE1))).c_str());
}

TEST(SystemConf, t1) {
  STRCMP_EQUAL("\n# t (t1)\nspan=1,1,2,esf,b8zs\nbchan=1-23\ndchan=24\nmulaw=1-24\nechocanceller=kb1,1-23\n\nloadzone=us\ndefaultzone=us\n",
               body(system_conf(good(kT1))).c_str());
  STRCMP_EQUAL("options wcte12xp default_linemode=t1\n", body(modprobe_conf(good(kT1))).c_str());
}

TEST(SystemConf, a_span_of_an_nfas_group_without_a_d_channel_of_its_own) {
  const std::string group = std::string(kT1) + "nfas_group = \"n\"\nnfas_interface = 0\nd_channel = \"primary\"\n";
  const std::string second = "[[span]]\nname = \"u\"\nkind = \"t1\"\ngroup = \"city\"\nswitch_type = \"ni2\"\ndriver = \"dahdi\"\ndahdi_span = 2\n"
                             "nfas_group = \"n\"\nnfas_interface = 1\nd_channel = \"none\"\n";
  const std::string text = system_conf(good((group + second).c_str()));
  CHECK_TRUE(text.find("bchan=1-23\ndchan=24\n") != std::string::npos);
  CHECK_TRUE(text.find("bchan=25-48\nmulaw=25-48\n") != std::string::npos);
}

TEST(SystemConf, analog) {
  STRCMP_EQUAL(
      "\n# phones (fxs)\nfxoks=1-4\nalaw=1-4\nechocanceller=mg2,1-4\n"
      "\n# lines (fxo)\nfxsls=7\nalaw=7\nechocanceller=mg2,7\n"
      "\nloadzone=cn\ndefaultzone=cn\n",
      body(system_conf(good(kAnalog))).c_str());
  STRCMP_EQUAL("options wctdm opermode=CHINA alawoverride=1\noptions wctdm24xxp opermode=CHINA companding=alaw\n", body(modprobe_conf(good(kAnalog))).c_str());
}

TEST(SystemConf, a_dynamic_span_is_made_by_its_address) {
  const auto p = good(std::string(kE1) + "dynamic = \"loc,1:0\"\n");
  CHECK_TRUE(system_conf(p).find("dynamic=loc,1:0,31,0\nbchan=32-46,48-62\n") != std::string::npos);
  CHECK_TRUE(system_conf(p).find("span=2") == std::string::npos);
}

// Every shipped profile of a board is read, names a module of the board table, and its system.conf is what dahdi_cfg takes.
TEST(SystemConf, every_shipped_profile_is_accepted_by_dahdi_cfg) {
  std::set<std::string> modules, known;
  for (const auto& b : profile::board_kinds()) known.emplace(b.module);
  Tree tree;
  const std::string shim = tree.root + "/shim.so";
  const bool checked = std::filesystem::exists("/usr/sbin/dahdi_cfg") &&
                       std::system(("gcc -shared -fPIC -o " + shim + " tests/tools/fixtures/dahdi_shim.c -ldl").c_str()) == 0;
  CHECK_TEXT(checked, "dahdi_cfg (package dahdi) is missing");
  int boards = 0;
  for (const auto& entry : std::filesystem::directory_iterator("hw-profiles")) {
    if (entry.path().extension() != ".toml") continue;
    const auto p = profile::read_profile(entry.path().string());
    if (!p) FAIL(p.error().text().c_str());
    if (p->dahdi.modules.empty()) continue;
    ++boards;
    for (const auto& module : p->dahdi.modules) CHECK_TEXT(known.contains(module), module.c_str());
    modules.insert(p->dahdi.modules.begin(), p->dahdi.modules.end());
    tree.file("system.conf", system_conf(*p));
    const std::string run = "LD_PRELOAD=" + shim + " /usr/sbin/dahdi_cfg -t -c " + tree.root + "/system.conf >" + tree.root + "/out 2>&1";
    if (std::system(run.c_str()) != 0) FAIL((entry.path().string() + ": " + tree.text("out")).c_str());
  }
  CHECK_EQUAL(known.size(), modules.size());  // a profile for every driver of the table
  CHECK_TRUE(boards >= 20);
  tree.file("system.conf", "span=1,1,0,ccs,hdb9\n");  // the check can fail
  CHECK_TRUE(std::system(("LD_PRELOAD=" + shim + " /usr/sbin/dahdi_cfg -t -c " + tree.root + "/system.conf >/dev/null 2>&1").c_str()) != 0);
}
