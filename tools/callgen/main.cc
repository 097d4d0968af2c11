// callgen: the exchange, the callers and the agents' phones of a scenario, at the far end of a center's lines. It is a board core
// on the network side, driven by Lua. Exit status: 0 when the scenario has ended, 1 when something failed, 2 when nothing started,
// 3 when the scenario has ended and rows are missing in the exchange's log.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "drivers/base/log.h"
#include "drivers/base/options.h"
#include "drivers/base/reactor.h"
#include "drivers/daemon/board_core.h"
#include "drivers/daemon/wiring.h"
#include "drivers/daemon/wiring_lines.h"
#include "tools/callgen/callgen.h"
#include "tools/callgen/progress_file.h"

namespace {

using namespace sr;
constexpr int kRefused = 2, kRowsMissing = 3;
constexpr Duration kSnapshotEvery = 250ms;  // how often the state of the lines is looked at

struct Options {
  std::string profile = "hw-profiles/soft-exchange.toml", run_dir = "var/run", softspan_socket, log_level = "info";
  std::string exchange_log, agents_log, progress, summary, callers_when;
  double progress_every = 1.0;
  int phones_per_bank = 24;
  callgen::Config config;
  std::vector<std::string> set, loops;
};

void describe(cli::Program& program, Options& o) {
  program.option("--profile", o.profile, "the far ends of the center's lines").shows_default();
  program.option("--run-dir", o.run_dir, "where the soft-span socket is").shows_default();
  program.option("--softspan-socket", o.softspan_socket, "instead of the profile's");
  program.option("--scenario", o.config.scenario, "Lua file: who calls and who answers").required();
  program.option("--seconds", o.config.seconds, "of arrivals; 0: until SIGINT").shows_default().between(0.0, 1e6);
  program.option("--seed", o.config.seed, "of everybody's behaviour").shows_default();
  program.option("--calls", o.config.calls_max, "at most so many callers (default: the scenario's)");
  program.option("--rate", o.config.rate, "calls per second on the average (default: the scenario's)").between(0.0, callgen::kRateMax);
  program.option("--agents", o.config.agents, "phones with somebody at them (default: the scenario's)");
  program.option("--phones-per-bank", o.phones_per_bank, "lines of one fxo span that have a phone").between(1, kSpanChannelsMax).shows_default();
  program.option("--drain", o.config.drain_s, "seconds for the callers that are left at the end (default: the scenario's)");
  program.option("--exchange-log", o.exchange_log, "one JSON line per SETUP");
  program.option("--agents-log", o.agents_log, "one JSON line per ring of an agent's phone");
  program.option("--progress", o.progress, "counters as one JSON object, replaced while it runs");
  program.option("--progress-every", o.progress_every, "seconds").between(0.05, 60.0).shows_default();
  program.option("--callers-when", o.callers_when, "the first caller comes when this file is there (default: when the lines are up)");
  program.option("--summary", o.summary, "the last counters also into this file");
  program.option("--set", o.set, "name=value for the scenario's table param");
  program.option("--loop", o.loops, "span/channel that sends back what it hears, for boardctl bert; it carries no call");
  program.option("--log-level", o.log_level).one_of({"debug", "info", "warn", "error"}).shows_default();
  program.footer("SIGINT ends the arrivals, SIGTERM hangs everybody up. tools/callgen/README.md describes scenarios and files.");
}

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warn") return log::Level::warn;
  return name == "error" ? log::Level::error : log::Level::info;
}

Status read_params(Options& o) {
  for (const std::string& one : o.set) {
    const auto equals = one.find('=');
    if (equals == std::string::npos || equals == 0) return fail("--set " + one + " is not name=value");
    o.config.param[one.substr(0, equals)] = one.substr(equals + 1);
  }
  return {};
}

Status loop(daemon::BoardCore& core, const std::string& line) {
  const auto slash = line.rfind('/');
  const int channel = slash == std::string::npos ? 0 : std::atoi(line.c_str() + slash + 1);
  if (channel < 1) return fail("--loop " + line + " is not span/channel");
  const auto begun = core.begin_test(board::test::Loopback{line.substr(0, slash), channel, true}, nullptr);
  if (!begun) return std::unexpected(begun.error());
  return {};
}

// Trunk group to dial on: the first of the network side. Phones: the lines of the fxo spans in their order.
void lines_of(const profile::Profile& profile, Options& o) {
  for (const auto& span : profile.spans) {
    if (span.kind == SpanKind::fxo)
      for (int c = 1; c <= o.phones_per_bank; ++c) o.config.phones.push_back({span.name, c});
    else if (span.network_side && o.config.group.empty()) o.config.group = span.group;
  }
}

Result<int> run(Options& o) {
  auto profile = profile::read_profile(o.profile);
  if (!profile) return std::unexpected(profile.error());
  if (auto ok = read_params(o); !ok) return std::unexpected(ok.error());
  o.config.group.clear();
  lines_of(*profile, o);
  auto sink = callgen::FileSink::open(o.exchange_log, o.agents_log);
  if (!sink) return std::unexpected(sink.error());

  Reactor reactor;
  Timers& timers = reactor.timers();
  use_process_clock(&timers);
  if (!process_clock_is_ours()) return fail("libpri would read the machine's clock", {}, "link drivers/base/clock_override.o into the program");
  const std::string socket = o.softspan_socket.empty() ? profile::Profile::below(o.run_dir, profile->softspan_socket) : o.softspan_socket;
  auto lines = daemon::open_lines(reactor, *profile, socket, daemon::LineEnd::far);
  if (!lines) return std::unexpected(lines.error());
  media::MediaConfig media_config = daemon::media_config(*profile, o.run_dir);
  media_config.prompt_dir.clear();  // nobody plays prompts or records here
  media_config.record_dir.clear();
  media_config.own_clock = !daemon::lines_have_clock(*profile);  // the exchange is the clock of soft lines
  auto media = media::make_threaded_media(reactor, media_config);
  daemon::MemorySpool::Disk disk;
  daemon::MemorySpool spool(timers, disk);
  daemon::BoardConfig config;
  config.durable = false;  // an exchange books nothing
  config.alarm_clear_calls = profile->alarm_clear_calls;
  daemon::BoardCore core(timers, *media, spool, nullptr, config, daemon::span_setups(*profile, (*lines)->spans()));

  callgen::Callgen callgen(timers, core, **sink, o.config);
  if (auto ok = callgen.load(); !ok) return std::unexpected(ok.error());
  if (!o.callers_when.empty()) callgen.hold_callers_until([&o] { return ::access(o.callers_when.c_str(), F_OK) == 0; });
  core.start();
  for (const auto& line : o.loops)
    if (auto ok = loop(core, line); !ok) return std::unexpected(ok.error());
  core.attach(callgen.listener());
  std::function<void()> look = [&] {
    callgen.listener().on_snapshot(core.snapshot());
    timers.after(kSnapshotEvery, look);
  };
  std::function<void()> tell = [&] {
    (*sink)->flush();
    callgen::write_progress(o.progress, callgen.progress());
    timers.after(Duration(static_cast<std::int64_t>(o.progress_every * 1e6)), tell);
  };
  look();
  tell();
  bool stopping = false;
  reactor.on_signal([&](int signal) {
    if (signal == SIGHUP) return;
    if (signal == SIGINT && !std::exchange(stopping, true)) callgen.stop_arrivals();
    else callgen.hang_up();
  });
  callgen.start(true, [&] { core.stop([&reactor] { reactor.stop(); }); });
  reactor.run();

  const bool complete = (*sink)->close();
  const auto last = callgen.progress();
  callgen::write_progress(o.progress, last);
  callgen::write_progress(o.summary, last);
  std::printf("%s\n", callgen::to_json(last).c_str());
  log::flush();
  return complete ? 0 : kRowsMissing;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  cli::Program program("callgen: plays the exchange, the callers and the agents' phones");
  describe(program, options);
  if (const auto status = program.parse(argc, argv)) return *status;
  log::open("callgen", level_of(options.log_level));
  const auto status = run(options);
  if (status) return *status;
  std::fprintf(stderr, "callgen: %s\n", status.error().text().c_str());
  return kRefused;
}
