// boardctl: the technician's tool. It asks a running boardd over its control socket.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <csignal>
#include <cstdio>

#include "drivers/base/options.h"
#include "drivers/base/output.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/verbs.h"

namespace {

const std::string kFooter =
    "exit codes: 0 done; 1 refused, or the link broke; 2 wrong arguments or profile; "
    "3 no boardd on the socket; 4 done, but a span or a step is not well; "
    "130 Ctrl-C before bert, call or drain had a result";

}  // namespace

static int run(int argc, char** argv) {
  using namespace sr::boardctl;
  namespace cli = sr::cli;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has seen enough (head, less) ends a trace quietly

  cli::Program program{"boardctl - spans, channels and the D channel of a running boardd", "boardctl"};
  program.needs_command();
  program.options_anywhere();
  program.footer(kFooter);
  const auto verb = [&program](const char* name, const char* text) {
    cli::Command sub = program.command(name, text);
    sub.footer(kFooter);
    return sub;
  };
  std::string socket_path = "var/run/board.sock";
  program.option("--socket", socket_path, "control socket of boardd").shows_default();

  bool as_json = false;
  auto status_verb = verb("status", "spans, timeslots, alarms, counters, stations");
  status_verb.flag("--json", as_json, "one line of JSON instead of the page");

  std::string span, file;
  int channel = 0;
  bool off = false;
  auto trace_verb = verb("trace", "live trace of a span's D channel, until Ctrl-C");
  trace_verb.option("span", span, "name of the span").required();
  trace_verb.option("-o,--output", file, "write pcap for Wireshark to this file; '-' is stdout: … -o - | wireshark -k -i -");

  auto busyout_verb = verb("busyout", "no new calls on a channel; the call that is up stays");
  auto restart_verb = verb("restart", "Q.931 RESTART of a channel: clears whatever call is on it");
  for (cli::Command sub : {busyout_verb, restart_verb}) {
    sub.option("span", span, "name of the span").required();
    sub.option("channel", channel, "timeslot, from 1").required().between(1, 1024);
  }
  busyout_verb.flag("--off", off, "take new calls again");
  std::string sysfs, modules;
  auto detect_verb = verb("detect", "boards that are plugged in, their kernel module, and what to type when it is missing");
  detect_verb.flag("--json", as_json, "one line of JSON; [] without a board");
  detect_verb.option("--sysfs", sysfs, "instead of /sys");
  detect_verb.option("--modules", modules, "instead of /lib/modules/<running kernel>");
  std::string profile, root;
  bool dry = false;
  auto apply_verb = verb("apply", "write DAHDI's files from a hardware profile, load the module, run dahdi_cfg, tell which spans came up");
  apply_verb.option("profile", profile, "hardware profile (hw-profiles/*.toml)").required();
  apply_verb.flag("--dry-run", dry, "only show what would change in the files");
  auto rollback_verb = verb("rollback", "bring back the files that the last apply replaced, and run dahdi_cfg");
  for (cli::Command sub : {apply_verb, rollback_verb}) sub.option("--root", root, "files below this directory; nothing is loaded");

  bool follow = false;
  status_verb.flag("--watch", follow, "once per second until Ctrl-C");
  auto drain_verb = verb("drain", "busy out a whole span, tell the calls that are left, end when it is empty");
  drain_verb.option("span", span, "name of the span").required();
  drain_verb.flag("--off", off, "take new calls again");

  CallOrder order;
  int ring_s = 30, talk_s = 2;
  auto call_verb = verb("call", "make one test call and tell how it goes; ctid may run and does not count it");
  call_verb.option("group", order.group, "trunk group, or span/channel").required();
  call_verb.option("number", order.called, "number to dial").required();
  call_verb.option("--from", order.calling, "number we show");
  call_verb.option("--ring-s", ring_s, "seconds until somebody must answer").shows_default().between(1, 300);
  call_verb.option("--talk-s", talk_s, "seconds from the answer to our clearing").shows_default().between(0, 3600);

  std::string where, turn;
  int level_s = 0;
  auto level_verb = verb("level", "meter: how loud a channel is in both directions, five times a second");
  level_verb.option("channel", where, "span/channel").required();
  level_verb.option("--seconds", level_s, "so long; 0: until Ctrl-C").shows_default().between(0, 86'400);
  auto loopback_verb = verb("loopback", "send back what comes in, on an idle channel or a whole idle span; it takes no calls meanwhile");
  loopback_verb.option("line", where, "span, or span/channel").required();
  loopback_verb.option("turn", turn, "on or off").required().one_of({"on", "off"});
  BertOrder pattern;
  auto bert_verb = verb("bert", "bit error test with PRBS 2^15-1 over a loop: passed or failed, with the rate");
  bert_verb.option("line", pattern.where, "span/channel, or a span: all its idle channels").required();
  bert_verb.option("--seconds", pattern.seconds, "how long").shows_default().between(2, 86'400);
  bert_verb.option("--max-rate", pattern.rate_max, "errors per bit that still pass").shows_default().between(0.0, 1.0);
  bert_verb.flag("--json", pattern.as_json, "one line of JSON instead of the text");

  DoctorOrder checks;
  std::vector<std::string> test_number;
  auto doctor_verb = verb("doctor", "board, module, firmware, interrupt, span, framing, D channel, test call: what is wrong and how to mend it");
  doctor_verb.flag("--json", checks.as_json, "one line of JSON instead of the page");
  doctor_verb.option("--archive", checks.archive, "also write what support needs, without customer data, to this .tar.gz");
  doctor_verb.option("--profile", checks.profile, "compare with this hardware profile");
  doctor_verb.option("--call", test_number, "GROUP NUMBER: also make a test call").takes(2);
  doctor_verb.option("--root", checks.root, "look at /sys, /proc, /dev, /etc and /lib below this directory");
  busyout_verb.footer(
      "An exchange that hunts from the lowest channel may be caught by a busied-out one: each of its calls gets cause 44 there.\n"
      "With ni2, dms100, 4ess and 5ess the exchange is told by a SERVICE message and passes the channel over. euroisdn and qsig\n"
      "have no such message: ask the carrier to take the channel out as well, or busy out from the end where the exchange begins\n"
      "last. A Switchroom on the network side passes a channel over for 60 s after cause 44.\n" + kFooter);

  if (const auto status = program.parse(argc, argv)) return *status;
  order.ring = std::chrono::seconds(ring_s);
  order.talk = std::chrono::seconds(talk_s);
  if (status_verb.given() && follow && as_json) {
    std::fputs("boardctl: --watch is for people, --json for programs: leave one out\n", stderr);
    return kUsage;
  }
  if (status_verb.given() && follow) return watch(socket_path);
  if (drain_verb.given()) return drain(socket_path, span, !off);
  if (call_verb.given()) return call(socket_path, order);
  if (level_verb.given()) return level(socket_path, where, level_s);
  if (loopback_verb.given()) return loopback(socket_path, where, turn == "on");
  if (bert_verb.given()) return bert(socket_path, pattern);
  if (doctor_verb.given()) {
    checks.socket_path = socket_path;
    if (!test_number.empty()) {
      checks.call = order;
      checks.call->group = test_number[0];
      checks.call->called = test_number[1];
    }
    return doctor(checks);
  }
  if (status_verb.given()) return status(socket_path, as_json);
  if (trace_verb.given()) return trace(socket_path, span, file);
  if (busyout_verb.given()) return busyout(socket_path, span, channel, !off);
  if (restart_verb.given()) return restart(socket_path, span, channel);
  if (apply_verb.given()) return apply_profile(profile, dry, root);
  if (rollback_verb.given()) return roll_back(root);
  return detect_boards(sysfs, modules, as_json);
}

int main(int argc, char** argv) { return sr::after_output("boardctl", run(argc, argv), sr::boardctl::kUsage); }
