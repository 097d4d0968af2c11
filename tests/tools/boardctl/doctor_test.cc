// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/doctor.h"

#include <functional>

#include "tests/tools/boardctl/dahdi_texts.h"
#include "tests/tools/boardctl/tree.h"
#include "tools/boardctl/support_archive.h"
#include "tools/boardctl/test_call.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::boardctl;

namespace {

constexpr const char* kToml = R"(# of Acme Shopping Ltd
[board]
modules = "wct4xxp"
[[span]]
name = "AcmeTrunk"
kind = "e1"
group = "AcmeGroup"
driver = "dahdi"
dahdi_span = 1
[[span]]
name = "phones"
kind = "fxs"
stations = "867531"
)";

bool has(const std::string& page, std::string_view text) { return page.find(text) != std::string::npos; }
void interrupts(Tree& tree, int n) { tree.file("proc/interrupts", "     CPU0 CPU1\n 33: " + std::to_string(n) + " 5 IO-APIC 33-fasteoi t4xxp\nNMI: 0 0\n"); }

}  // namespace

// A machine in which everything is well; each test breaks one thing.
TEST_GROUP(Doctor) {
  Tree tree;
  profile::Profile p = *profile::parse_profile(kToml, "/home/acme/acme.toml");
  board::Snapshot boardd;
  Findings f;
  void setup() override {
    tree.pci("0000:03:00.0", "d161", "1820", "0005");
    tree.modules("updates/dkms/wct4xxp.ko:\n");
    tree.file("sys/module/wct4xxp/refcnt", "1");
    tree.link("sys/bus/pci/devices/0000:03:00.0/driver", "../../../../bus/pci/drivers/wct4xxp");
    tree.file("lib/firmware/dahdi-fw-te820.bin", "x");
    tree.file("dev/dahdi/channel", "");
    tree.file("proc/dahdi/1", proc_e1(1, 1, "HDB3/CCS/CRC4", ""));
    tree.file("proc/modules", "ext4 1 0 - Live\nwct4xxp 400 1 - Live 0x0\n");
    board::SpanSnapshot s;
    s.span = "AcmeTrunk";
    s.kind = "e1";
    s.group = "AcmeGroup";
    s.d_channel_up = s.in_service = true;
    s.channels = 30;
    s.counters = {{"slips", 3}};
    boardd.spans.push_back(s);
    board::LegSnapshot leg;
    leg.span = "AcmeTrunk";
    leg.calling = "13800138000";
    leg.called = "4006001234";
    leg.station = "867531";
    boardd.legs.push_back(leg);
    boardd.stations.push_back({"867531", true, true});
    f.profile = &p;
    f.boardd = &boardd;
    f.call = TestCall{true, "answered"};
  }
  std::vector<Step> steps() {
    interrupts(tree, 1000);
    f.before = look(Host(tree.root));
    interrupts(tree, 2000);
    f.after = look(Host(tree.root));
    return examine(f);
  }
  Step one(const char* name) {
    for (auto& s : steps())
      if (s.step == name) return s;
    return {};
  }
  void fails(const char* name, const char* cause, const char* fix) {
    const Step s = one(name);
    CHECK_TEXT(s.verdict == Verdict::failed, s.text.c_str());
    STRCMP_CONTAINS(cause, s.text.c_str());
    STRCMP_CONTAINS(fix, s.fix.c_str());
  }
};

TEST(Doctor, passes_a_machine_in_which_everything_is_well) {
  const auto all = steps();
  CHECK_EQUAL(8u, all.size());
  for (const auto& s : all) CHECK_TEXT(s.verdict == Verdict::passed, (s.step + ": " + s.text).c_str());
  CHECK_TRUE(healthy(all));
  CHECK_TRUE(has(doctor_json(all, kTreeKernel), "{\"step\":\"board\",\"verdict\":\"passed\",\"text\":\"Digium TE820 at 0000:03:00.0\",\"fix\":\"\"}"));
}

TEST(Doctor, board) {
  tree.gone("sys/bus/pci/devices/0000:03:00.0");
  tree.gone("proc/dahdi/1");
  fails("board", "no board found", "seat");
  tree.pci("0000:03:00.0", "e159", "0001", "4321");
  fails("board", "subvendor 4321", "support");
}

TEST(Doctor, module) {
  tree.gone("sys/bus/pci/devices/0000:03:00.0/driver");
  fails("module", "has not taken", "modprobe -r wct4xxp");
  tree.gone("sys/module/wct4xxp");
  fails("module", "not loaded", "modprobe wct4xxp");
  tree.modules("");
  fails("module", "kernel 6.1.0-28-amd64 does not have it", "apt-get install linux-headers-6.1.0-28-amd64 dahdi-dkms");
  tree.gone("sys/bus/pci/devices/0000:03:00.0");
  CHECK_TRUE(one("module").verdict == Verdict::untestable);
}

TEST(Doctor, firmware) {
  tree.gone("lib/firmware/dahdi-fw-te820.bin");
  fails("firmware", "dahdi-fw-te820.bin", "dahdi-firmware-nonfree");
  tree.gone("sys/bus/pci/devices/0000:03:00.0");
  tree.file("sys/bus/usb/devices/1-1/idVendor", "e4e4");
  tree.file("sys/bus/usb/devices/1-1/idProduct", "1160");
  fails("firmware", "firmware missing", "dahdi-firmware-nonfree");
}

TEST(Doctor, interrupt_and_timing) {
  steps();
  f.after.interrupts = f.before.interrupts;
  auto all = examine(f);
  CHECK_TRUE(all[3].verdict == Verdict::failed && has(all[3].text, "does not come"));
  steps();
  f.after.spans[0].counts["Timing slips"] = 4;
  all = examine(f);
  CHECK_TRUE(all[3].verdict == Verdict::failed && has(all[3].text, "4 timing slips") && has(all[3].fix, "timing"));
  steps();
  f.after.spans[0].counts["IRQ misses"] = 2;
  CHECK_TRUE(examine(f)[3].verdict == Verdict::failed);
  f.before.spans[0].counts["IRQ misses"] = 2;  // old ones do not count
  CHECK_TRUE(examine(f)[3].verdict == Verdict::passed);
}

TEST(Doctor, span) {
  tree.file("proc/dahdi/1", proc_e1(1, 1, "HDB3/CCS", ""));
  fails("span", "acme.toml:4", "boardctl apply");
  f.profile = nullptr;
  CHECK_TRUE(one("span").verdict == Verdict::passed);
  tree.file("proc/dahdi/1", proc_e1(1, 1, "", "", "", false));
  fails("span", "not configured", "boardctl apply");
  tree.gone("proc/dahdi/1");
  fails("span", "no span", "boardctl apply");
  tree.gone("dev/dahdi/channel");
  fails("span", "/dev/dahdi/channel is not there", "modprobe dahdi");
  steps();
  f.after.device_there = true;
  CHECK_TRUE(has(examine(f)[4].text, "may not be opened") && has(examine(f)[4].fix, "dialout"));
}

TEST(Doctor, a_profile_of_soft_spans_needs_no_board_and_no_driver) {
  p = *profile::parse_profile("[[span]]\nname = \"a\"\nkind = \"e1\"\ngroup = \"city\"\n", "soft.toml");
  tree.gone("sys/bus/pci/devices/0000:03:00.0");
  tree.gone("proc/dahdi/1");
  tree.gone("dev/dahdi/channel");
  f.boardd = nullptr;
  f.call.reset();
  for (const auto& step : steps())
    if (step.step == "board" || step.step == "span") CHECK_TRUE_TEXT(step.verdict == Verdict::untestable && has(step.text, "soft spans"), step.text.c_str());
}

TEST(Doctor, framing) {
  tree.file("proc/dahdi/1", proc_e1(1, 1, "HDB3/CCS/CRC4", "YELLOW"));
  fails("framing", "YELLOW", "crc4 = false");
}

TEST(Doctor, d_channel) {
  boardd.spans[0].d_channel_up = false;
  fails("D channel", "timeslot 16", "one side must be user");
  f.boardd = nullptr;
  CHECK_TRUE(one("D channel").verdict == Verdict::untestable);
}

TEST(Doctor, test_call) {
  f.call = TestCall{false, "not answered: released by the far side, cause 1"};
  fails("test call", "cause 1", "boardctl trace");
  f.call.reset();
  CHECK_TRUE(one("test call").verdict == Verdict::untestable);
}

TEST(Doctor, the_archive_holds_the_machine_and_nothing_of_the_customers) {
  f.call = TestCall{false, "dialled 13800138000"};
  boardd.spans[0].d_channel_up = false;
  tree.file("etc/dahdi/system.conf", "# AcmeTrunk (e1)\nspan=1,1,0,ccs,hdb3,crc4 # 13800138000\n");
  steps();
  const std::string file = tree.root + "/out.tar.gz";
  CHECK_TRUE(write_archive(file, support_files(Host(tree.root), f), run_command).has_value());
  const auto content = run_command({"tar", "-xOzf", file}).output;
  for (const char* wanted : {"Digium TE820", "6.1.0-28-amd64", "span=1,1,0,ccs,hdb3,crc4", "t4xxp", "wct4xxp 400", "Span 1: TE4/0/1", "slips=3", "legs 1", "D down", "the D channel of span1 is down"})
    CHECK_TEXT(has(content, wanted), wanted);
  for (const char* secret : {"13800138000", "4006001234", "867531", "Acme", "acme", "ext4"}) CHECK_TEXT(!has(content, secret), secret);
  const auto names = run_command({"tar", "-tzf", file}).output;
  CHECK_TRUE(has(names, "switchroom-doctor/doctor.txt") && !has(names, "pcap") && !has(names, "wav"));
  CHECK_FALSE(write_archive("/nonexistent/x.tar.gz", {}, run_command).has_value());
}

TEST_GROUP(CallWatch) {};

TEST(CallWatch, follows_the_call_to_its_end) {
  const LegId leg{7};
  CallWatch w;
  CHECK_FALSE(w.answered());
  STRCMP_EQUAL("seized e1-1 channel 31", w.take({1, 2, {}, board::evt::Seized{leg, "e1-1", 31, 5}}).c_str());
  STRCMP_EQUAL("ringing", w.take({1, 3, {}, board::evt::Alerting{leg}}).c_str());
  STRCMP_EQUAL("answered", w.take({1, 4, {}, board::evt::Answered{leg}}).c_str());
  CHECK_TRUE(w.just_answered() && !w.just_answered());
  STRCMP_EQUAL("released by us, cause 16", w.take({1, 5, {}, board::evt::Released{leg, 16, false, ""}}).c_str());
  CHECK_TRUE(w.released() && w.answered());
}
