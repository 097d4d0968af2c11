// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/apply.h"

#include "tests/tools/boardctl/dahdi_texts.h"
#include "tests/tools/boardctl/tree.h"
#include "tools/boardctl/config_files.h"
#include "tools/boardctl/proc_span.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/span_check.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::boardctl;

namespace {

constexpr const char* kToml = R"([board]
modules = "wct4xxp"
[[span]]
name = "a"
kind = "e1"
group = "city"
driver = "dahdi"
dahdi_span = 1
)";

profile::Profile good(const std::string& toml) {
  auto p = profile::parse_profile(toml, "p.toml");
  if (!p) FAIL(p.error().text().c_str());
  return std::move(*p);
}

bool has(const std::string& page, std::string_view text) { return page.find(text) != std::string::npos; }

}  // namespace

TEST_GROUP(ProcSpan) {};

TEST(ProcSpan, is_read_as_the_kernel_writes_it) {
  const auto s = parse_proc_span(proc_e1(2, 32, "HDB3/CCS/CRC4", "RED", "\tCRC4 error count: 7\n\tIRQ misses: 3\n"));
  CHECK_TRUE(s.has_value());
  CHECK_EQUAL(2, s->number);
  STRCMP_EQUAL("TE4/0/2", s->name.c_str());
  STRCMP_EQUAL("T4XXP (PCI) Card 0 Span 2", s->description.c_str());
  STRCMP_EQUAL("HDB3/CCS/CRC4", s->line.c_str());
  CHECK_EQUAL(1u, s->alarms.size());
  STRCMP_EQUAL("RED", s->alarms[0].c_str());
  CHECK_EQUAL(7, s->counts.at("CRC4 error count"));
  CHECK_EQUAL(3, s->counts.at("IRQ misses"));
  CHECK_EQUAL(31u, s->channels.size());
  CHECK_EQUAL(32, s->channels[0].number);
  STRCMP_EQUAL("Clear", s->channels[0].signalling.c_str());
  STRCMP_EQUAL("HDLCFCS", s->channels[15].signalling.c_str());
  CHECK_TRUE(s->channels[0].in_use && s->channels[0].alarmed && s->configured());
  CHECK_FALSE(parse_proc_span(proc_e1(1, 1, "", "", "", false))->configured());
}

TEST(ProcSpan, bears_any_text) {
  const std::string whole = proc_e1(1, 1, "HDB3/CCS/CRC4", "RED", "\tIRQ misses: 3\n");
  for (std::size_t n = 0; n < whole.size(); n += 3) (void)parse_proc_span(whole.substr(0, n));
  CHECK_FALSE(parse_proc_span("").has_value());
  CHECK_FALSE(parse_proc_span("Span x: \"").has_value());
  CHECK_TRUE(parse_proc_span("Span 1: \"\n: 3\n:\n").has_value());
}

TEST_GROUP(ConfigFiles) {
  Tree tree;
  std::vector<ConfigFile> files{{"etc/dahdi/a", "one\ntwo\n"}, {"etc/modprobe.d/b", "three\n"}};
};

TEST(ConfigFiles, rollback_brings_back_what_was_there_and_what_was_not) {
  tree.file("etc/dahdi/a", "old\n");
  CHECK_EQUAL(2, *replace_files(tree.root, files));
  STRCMP_EQUAL("one\ntwo\n", tree.text("etc/dahdi/a").c_str());
  CHECK_EQUAL(0, *replace_files(tree.root, files));  // and what was kept stays
  const auto back = restore_files(tree.root);
  CHECK_TRUE(back.has_value());
  CHECK_EQUAL(2u, back->size());
  STRCMP_EQUAL("old\n", tree.text("etc/dahdi/a").c_str());
  CHECK_FALSE(Host::exists(tree.root + "/etc/modprobe.d/b"));
  CHECK_FALSE(restore_files(tree.root).has_value());
}

TEST(ConfigFiles, a_file_that_cannot_be_kept_leaves_everything_as_it_was) {
  tree.file("etc/dahdi/a", "old\n");
  tree.file("etc/dahdi/switchroom-previous.new", "");
  std::filesystem::remove(tree.root + "/etc/dahdi/switchroom-previous.new");
  tree.file("etc/modprobe.d", "a file where a directory should be");
  CHECK_FALSE(replace_files(tree.root, {{"etc/modprobe.d/b", "x"}}).has_value());
  STRCMP_EQUAL("old\n", tree.text("etc/dahdi/a").c_str());
}

TEST(ConfigFiles, the_difference_is_what_goes_and_what_comes) {
  tree.file("etc/dahdi/a", "one\nzero\n");
  STRCMP_EQUAL("/etc/dahdi/a\n-zero\n+two\n/etc/modprobe.d/b (new)\n+three\n", difference(tree.root, files).c_str());
  CHECK_EQUAL(2, *replace_files(tree.root, files));
  STRCMP_EQUAL("", difference(tree.root, files).c_str());
}

TEST_GROUP(Apply) {
  Tree tree;
  std::vector<std::string> ran;
  std::string fails;      // the command that fails
  std::string comes_up;   // what /proc/dahdi/1 shows once dahdi_cfg has run
  int waits = 0;
  Runner run = [this](const std::vector<std::string>& words) {
    ran.push_back(joined(words));
    if (ran.back() == fails) return CommandResult{1, "FATAL: Module wct4xxp not found.\n"};
    if (words[0] == "dahdi_cfg" && !comes_up.empty()) tree.file("proc/dahdi/1", comes_up);
    return CommandResult{};
  };
  Wait wait = [this](Duration) { ++waits; };
};

TEST(Apply, of_soft_spans_there_is_nothing_to_apply_and_nothing_to_try) {
  const auto soft = good("[[span]]\nname = \"a\"\nkind = \"e1\"\ngroup = \"city\"\n");
  for (const auto& out : {boardctl::apply(soft, Host(tree.root), run, wait), dry_run(soft, tree.root)}) {
    CHECK_EQUAL(kUsage, out.exit_code);
    CHECK_TRUE_TEXT(has(out.error, "p.toml: no span has driver"), out.error.c_str());
  }
}

TEST(Apply, writes_loads_configures_and_tells_that_the_span_came_up) {
  comes_up = proc_e1(1, 1, "HDB3/CCS/CRC4", "");
  const auto out = boardctl::apply(good(kToml), Host(tree.root), run, wait);
  STRCMP_EQUAL("", out.error.c_str());
  CHECK_EQUAL(kOk, out.exit_code);
  CHECK_EQUAL(3u, ran.size());
  STRCMP_EQUAL("modprobe dahdi", ran[0].c_str());
  STRCMP_EQUAL("modprobe wct4xxp", ran[1].c_str());
  STRCMP_EQUAL("dahdi_cfg -c /etc/dahdi/system.conf", ran[2].c_str());
  CHECK_TRUE(has(out.text, "a: up, DAHDI span 1, channels 1 to 31\n"));
  CHECK_EQUAL(0, waits);
}

TEST(Apply, a_span_in_alarm_is_waited_for_and_then_named_with_cause_and_fix) {
  comes_up = proc_e1(1, 1, "HDB3/CCS/CRC4", "RED");
  const auto out = boardctl::apply(good(kToml), Host(tree.root), run, wait);
  CHECK_EQUAL(kTrouble, out.exit_code);
  CHECK_EQUAL(kSpanUpMax / 500ms, waits);
  CHECK_TRUE(has(out.text, "a: not up\n") && has(out.text, "p.toml:3: ") && has(out.text, "RED") && has(out.text, "cable") && has(out.text, "crc4 = false"));
}

TEST(Apply, a_module_that_does_not_load_stops_it_with_the_reason) {
  fails = "modprobe wct4xxp";
  const auto out = boardctl::apply(good(kToml), Host(tree.root), run, wait);
  CHECK_EQUAL(kRefused, out.exit_code);
  CHECK_EQUAL(2u, ran.size());
  CHECK_TRUE(has(out.error, "not found") && has(out.error, "boardctl detect"));
}

TEST(Apply, a_module_that_is_loaded_already_needs_another_load_for_new_options) {
  tree.file("sys/module/wct4xxp/refcnt", "0");
  comes_up = proc_e1(1, 1, "HDB3/CCS/CRC4", "");
  CHECK_TRUE(has(boardctl::apply(good(kToml), Host(tree.root), run, wait).text, "modprobe -r wct4xxp"));
  CHECK_FALSE(has(boardctl::apply(good(kToml), Host(tree.root), run, wait).text, "modprobe -r"));
}

TEST(Apply, on_another_root_nothing_is_run_and_rollback_is_whole) {
  tree.file("etc/dahdi/system.conf", "mine\n");
  CHECK_EQUAL(kOk, boardctl::apply(good(kToml), Host(tree.root), {}, wait).exit_code);
  CHECK_TRUE(has(tree.text("etc/dahdi/system.conf"), "span=1,1,0,ccs,hdb3,crc4"));
  CHECK_TRUE(has(tree.text("etc/dahdi/modules"), "wct4xxp\n"));
  CHECK_EQUAL(kOk, boardctl::rollback(Host(tree.root), {}).exit_code);
  STRCMP_EQUAL("mine\n", tree.text("etc/dahdi/system.conf").c_str());
  CHECK_FALSE(Host::exists(tree.root + "/etc/dahdi/modules"));
  CHECK_EQUAL(kRefused, boardctl::rollback(Host(tree.root), {}).exit_code);
}

TEST(Apply, a_profile_of_soft_spans_is_refused) {
  CHECK_EQUAL(kUsage, boardctl::apply(good("[[span]]\nname = \"a\"\nkind = \"e1\"\ngroup = \"g\"\n"), Host(tree.root), run, wait).exit_code);
  CHECK_EQUAL(0u, ran.size());
}

TEST_GROUP(SpanCheck) {
  profile::Profile p = good(kToml);
  std::string cause(const std::string& proc) {
    const auto span = parse_proc_span(proc);
    const auto trouble = span_trouble(p.spans[0], p.file, {*span});
    return trouble ? trouble->cause : "";
  }
};

TEST(SpanCheck, each_way_to_differ_from_the_profile_names_its_line) {
  STRCMP_EQUAL("", cause(proc_e1(1, 1, "HDB3/CCS/CRC4", "")).c_str());
  STRCMP_CONTAINS("p.toml:3: DAHDI span 1 of \"a\" does not exist", cause(proc_e1(2, 1, "HDB3/CCS/CRC4", "")).c_str());
  STRCMP_CONTAINS("runs with HDB3/CCS, the profile wants HDB3/CCS/CRC4", cause(proc_e1(1, 1, "HDB3/CCS", "")).c_str());
  STRCMP_CONTAINS("channel 1 of \"a\" is not on span 1, which has 32 to 62", cause(proc_e1(1, 32, "HDB3/CCS/CRC4", "")).c_str());
  STRCMP_CONTAINS("is not configured", cause(proc_e1(1, 1, "", "", "", false)).c_str());
  STRCMP_CONTAINS("24 channels", cause("Span 1: x \"y\" B8ZS/ESF \n\n" + [] {
                    std::string channels;
                    for (int i = 1; i <= 24; ++i) channels += "\t" + std::to_string(i) + " x/" + std::to_string(i) + " Clear \n";
                    return channels;
                  }()).c_str());
  std::string cas = proc_e1(1, 1, "HDB3/CCS/CRC4", "");
  cas.replace(cas.find("Clear"), 5, "CAS");
  STRCMP_CONTAINS("channel 1 of \"a\" is CAS, the profile needs Clear", cause(cas).c_str());
}

TEST(SpanCheck, each_alarm_has_a_cause_and_a_fix) {
  for (const char* alarm : {"RED", "YELLOW", "BLUE", "LOOP", "RECOVERING", "NOTOPEN"}) {
    const auto trouble = alarm_trouble(*parse_proc_span(proc_e1(1, 1, "HDB3/CCS/CRC4", alarm)), &p.spans[0], p.file);
    CHECK_TRUE(trouble.has_value());
    STRCMP_CONTAINS(alarm, trouble->cause.c_str());
    CHECK_TRUE(!trouble->fix.empty());
  }
  CHECK_FALSE(alarm_trouble(*parse_proc_span(proc_e1(1, 1, "HDB3/CCS/CRC4", "")), &p.spans[0], p.file).has_value());
  const auto crc = alarm_trouble(*parse_proc_span(proc_e1(1, 1, "HDB3/CCS/CRC4", "", "\tCRC4 error count: 9\n\tE-bit error count: 2\n")), nullptr, "");
  STRCMP_CONTAINS("9 CRC4 errors", crc->cause.c_str());
}

TEST_GROUP(Command) {};

TEST(Command, gives_output_and_exit_code) {
  const auto r = run_command({"sh", "-c", "echo out; echo err >&2; exit 3"});
  CHECK_EQUAL(3, r.exit_code);
  STRCMP_EQUAL("out\nerr\n", r.output.c_str());
  CHECK_EQUAL(127, run_command({"/nonexistent/program"}).exit_code);
}
