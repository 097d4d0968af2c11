// show: what `make run` starts. A TV-shopping show on soft E1s with separate real processes, watched, restarted when one dies,
// ended, and judged: exit 0 only if the books balance and no call differs between exchange and center; 1 otherwise; 2 when a
// program refuses its files or options, before anything begins.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "drivers/base/log.h"
#include "drivers/base/options.h"
#include "tools/show/show.h"

namespace {

constexpr int kOk = 0, kDiffers = 1, kWrongUse = 2;

void describe(sr::cli::Program& program, sr::show::Options& o) {
  program.option("--seconds", o.seconds, "of arrivals; 0: until Ctrl-C").shows_default().between(0.0, 86'400.0);
  program.option("--seed", o.seed, "of the callers' and agents' behaviour").shows_default().between(0.0, 1e15);
  program.option("--calls", o.calls, "at most so many calls").between(1, 1'000'000'000);
  program.option("--agents", o.agents, "so many agents").between(0, 10'000);
  program.option("--rate", o.rate, "calls per second on the average").between(0.01, 5'000.0);
  program.option("--run-dir", o.run_dir, "where everything is written; what is there moves to <dir>.prev").shows_default();
  program.option("--profile", o.profile, "boardd's lines").shows_default().existing_file();
  program.option("--exchange-profile", o.exchange_profile, "the other ends of these lines").shows_default().existing_file();
  program.option("--config", o.config, "ctid's numbers, queues and agents").shows_default().existing_file();
  program.option("--scenario", o.scenario, "who calls and who answers").shows_default().existing_file();
  program.option("--set", o.set, "name=value for the scenario's table param");
}

bool is_ignored(int signal) {  // nohup
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// From here on nothing is left to stop: the first Ctrl-C changes nothing, the second ends us.
void finish_the_report_first() {
  struct sigaction action {};
  action.sa_handler = [](int) {
    const char text[] = "show: the report is being made (Ctrl-C again: no report)\n";
    (void)!::write(STDERR_FILENO, text, sizeof text - 1);
  };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  sr::show::Options options;
  options.seed = 1;
  sr::cli::Program program{"A TV-shopping show on soft spans: callgen, boardd and ctid, a live picture, the report."};
  describe(program, options);
  if (const auto status = program.parse(argc, argv)) return *status;
  options.bin_dir = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
  sr::show::Terminal terminal;
  sr::log::open("show", sr::log::Level::warn);

  auto dir = sr::show::RunDir::make(options.run_dir);
  if (!dir) {
    std::fprintf(stderr, "show: %s\n", dir.error().text().c_str());
    return kWrongUse;
  }
  ::signal(SIGPIPE, SIG_IGN);  // in "show | tee" Ctrl-C ends the tee first
  const bool stays = is_ignored(SIGHUP);
  sr::show::ReportInput input;
  sr::Reactor reactor;
  {
    sr::show::Show show(reactor, options, *dir, terminal);
    reactor.on_signal([&](int signal) {
      if (signal == SIGHUP && stays) return;
      // A terminal that closes says so twice, through the shell and by itself: that is no second Ctrl-C.
      if (!show.stop_softly() && signal != SIGHUP) show.stop_now();
    });
    if (auto ok = show.start(); !ok) {
      std::fprintf(stderr, "show: %s\n", ok.error().text().c_str());
      return kDiffers;
    }
    reactor.run();
    if (show.failed()) {
      std::fprintf(stderr, "show: %s\n", show.error().c_str());
      return show.refused() ? kWrongUse : kDiffers;
    }
    if (show.aborted()) {
      std::fprintf(stderr, "show: stopped; no report\n");
      return kDiffers;
    }
    input = show.report_input();
    finish_the_report_first();
  }
  const auto report = sr::show::make_report(input);
  if (!report) {
    std::fprintf(stderr, "show: %s\n", report.error().text().c_str());
    return kDiffers;
  }
  const auto written = sr::show::write_report(*report, dir->file("report.json"));
  std::fputs(terminal.in_its_letters(sr::show::human(*report, dir->path())).c_str(), stdout);
  std::fflush(stdout);
  if (!written) std::fprintf(stderr, "show: %s\n", written.error().text().c_str());
  return report->ok && written ? kOk : kDiffers;
}
