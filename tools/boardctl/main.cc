// boardctl: the technician's tool. It asks a running boardd over its control socket.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "tools/boardctl/session.h"
#include "tools/boardctl/verbs.h"

int main(int argc, char** argv) {
  using namespace sr::boardctl;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has seen enough (head, less) ends a trace quietly

  CLI::App app{"boardctl - spans, channels and the D channel of a running boardd", "boardctl"};
  app.require_subcommand(1);
  app.fallthrough();
  app.footer("exit codes: 0 done; 1 refused, or the link broke; 2 wrong arguments or profile; 3 no boardd on the socket; 4 done, but a span or a step is not well");
  std::string socket_path = "var/run/board.sock";
  app.add_option("--socket", socket_path, "control socket of boardd")->capture_default_str();

  bool as_json = false;
  auto* status_verb = app.add_subcommand("status", "spans, timeslots, alarms, counters, stations");
  status_verb->add_flag("--json", as_json, "one line of JSON instead of the page");

  std::string span, file;
  int channel = 0;
  bool off = false;
  auto* trace_verb = app.add_subcommand("trace", "live trace of a span's D channel, until Ctrl-C");
  trace_verb->add_option("span", span, "name of the span")->required();
  trace_verb->add_option("-o,--output", file, "write pcap for Wireshark to this file; '-' is stdout: … -o - | wireshark -k -i -");

  auto* busyout_verb = app.add_subcommand("busyout", "no new calls on a channel; the call that is up stays");
  auto* restart_verb = app.add_subcommand("restart", "Q.931 RESTART of a channel: clears whatever call is on it");
  for (auto* verb : {busyout_verb, restart_verb}) {
    verb->add_option("span", span, "name of the span")->required();
    verb->add_option("channel", channel, "timeslot, from 1")->required()->check(CLI::Range(1, 1024));
  }
  busyout_verb->add_flag("--off", off, "take new calls again");
  std::string sysfs, modules;
  auto* detect_verb = app.add_subcommand("detect", "boards that are plugged in, their kernel module, and what to type when it is missing");
  detect_verb->add_flag("--json", as_json, "one line of JSON; [] without a board");
  detect_verb->add_option("--sysfs", sysfs, "instead of /sys");
  detect_verb->add_option("--modules", modules, "instead of /lib/modules/<running kernel>");
  std::string profile, root;
  bool dry = false;
  auto* apply_verb = app.add_subcommand("apply", "write DAHDI's files from a hardware profile, load the module, run dahdi_cfg, tell which spans came up");
  apply_verb->add_option("profile", profile, "hardware profile (hw-profiles/*.toml)")->required();
  apply_verb->add_flag("--dry-run", dry, "only show what would change in the files");
  auto* rollback_verb = app.add_subcommand("rollback", "bring back the files that the last apply replaced, and run dahdi_cfg");
  for (auto* verb : {apply_verb, rollback_verb}) verb->add_option("--root", root, "files below this directory; nothing is loaded");

  bool follow = false;
  status_verb->add_flag("--watch", follow, "once per second until Ctrl-C, with the alarms that come and go");
  auto* drain_verb = app.add_subcommand("drain", "busy out a whole span, tell the calls that are left, end when it is empty");
  drain_verb->add_option("span", span, "name of the span")->required();
  drain_verb->add_flag("--off", off, "take new calls again");

  CallOrder order;
  int ring_s = 30, talk_s = 2;
  auto* call_verb = app.add_subcommand("call", "make one test call and tell how it goes; not while ctid runs");
  call_verb->add_option("group", order.group, "trunk group, or span/channel")->required();
  call_verb->add_option("number", order.called, "number to dial")->required();
  call_verb->add_option("--from", order.calling, "number we show");
  call_verb->add_option("--ring-s", ring_s, "seconds until somebody must answer")->capture_default_str()->check(CLI::Range(1, 300));
  call_verb->add_option("--talk-s", talk_s, "seconds from the answer to our clearing")->capture_default_str()->check(CLI::Range(0, 3600));

  DoctorOrder checks;
  std::vector<std::string> test_number;
  auto* doctor_verb = app.add_subcommand("doctor", "board, module, firmware, interrupt, span, framing, D channel, test call: what is wrong and how to mend it");
  doctor_verb->add_flag("--json", checks.as_json, "one line of JSON instead of the page");
  doctor_verb->add_option("--archive", checks.archive, "also write what support needs, without customer data, to this .tar.gz");
  doctor_verb->add_option("--profile", checks.profile, "compare with this hardware profile");
  doctor_verb->add_option("--call", test_number, "GROUP NUMBER: also make a test call (not while ctid runs)")->expected(2);
  doctor_verb->add_option("--root", checks.root, "look at /sys, /proc, /dev, /etc and /lib below this directory");
  for (auto* verb : app.get_subcommands({})) verb->footer(app.get_footer());
  busyout_verb->footer(
      "An exchange that hunts from the lowest channel may be caught by a busied-out one: each of its calls gets cause 44 there.\n"
      "With ni2, dms100, 4ess and 5ess the exchange is told by a SERVICE message and passes the channel over. euroisdn and qsig\n"
      "have no such message: ask the carrier to take the channel out as well, or busy out from the end where the exchange begins\n"
      "last. A Switchroom on the network side passes a channel over for 60 s after cause 44.\n" + app.get_footer());

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kOk : kUsage;
  }
  order.ring = std::chrono::seconds(ring_s);
  order.talk = std::chrono::seconds(talk_s);
  if (status_verb->parsed() && follow && as_json) {
    std::fputs("boardctl: --watch is for people, --json for programs: leave one out\n", stderr);
    return kUsage;
  }
  if (status_verb->parsed() && follow) return watch(socket_path);
  if (drain_verb->parsed()) return drain(socket_path, span, !off);
  if (call_verb->parsed()) return call(socket_path, order);
  if (doctor_verb->parsed()) {
    checks.socket_path = socket_path;
    if (!test_number.empty()) {
      checks.call = order;
      checks.call->group = test_number[0];
      checks.call->called = test_number[1];
    }
    return doctor(checks);
  }
  if (status_verb->parsed()) return status(socket_path, as_json);
  if (trace_verb->parsed()) return trace(socket_path, span, file);
  if (busyout_verb->parsed()) return busyout(socket_path, span, channel, !off);
  if (restart_verb->parsed()) return restart(socket_path, span, channel);
  if (apply_verb->parsed()) return apply_profile(profile, dry, root);
  if (rollback_verb->parsed()) return roll_back(root);
  return detect_boards(sysfs, modules, as_json);
}
