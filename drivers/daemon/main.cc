// boardd: the wires. Reads the profile, builds everything by hand in reading order, runs the reactor.
// Exit status: 0 after a clean stop, 1 when something failed while running, 2 when nothing was started.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <csignal>
#include <cstdio>

#include "drivers/base/file_limit.h"
#include "drivers/base/log.h"
#include "drivers/base/options.h"
#include "drivers/base/reactor.h"
#include "drivers/board/board_server.h"
#include "drivers/daemon/board_core.h"
#include "drivers/daemon/epoch.h"
#include "drivers/daemon/file_spool.h"
#include "drivers/daemon/pcap_trace.h"
#include "drivers/daemon/wiring.h"
#include "drivers/daemon/wiring_lines.h"

namespace {

using namespace sr;
constexpr const char* kVersion = "boardd 0.1.0";
constexpr int kRefused = 2;
constexpr Duration kGatherEvery = 20ms;  // frames of busy spans: docs/adr/0006-frames-of-busy-spans-are-gathered.md

struct Options { std::string profile, run_dir = "var/run", log_level = "info", log_file; };

int refused(const Error& error) {
  std::fprintf(stderr, "boardd: %s\n", error.text().c_str());
  return kRefused;
}

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warn") return log::Level::warn;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

// Each frame goes to the files and to the observers of the board link (boardctl trace).
class TraceFan final : public daemon::DTrace {
 public:
  TraceFan(daemon::PcapTrace& files, std::vector<daemon::TraceSpan> spans) : files_(files), spans_(std::move(spans)) {}
  void frame(int span, bool sent, std::span<const std::uint8_t> bytes, Instant at) override {
    files_.frame(span, sent, bytes, at);
    if (server != nullptr) server->frame(spans_[static_cast<std::size_t>(span)].name, sent, at, bytes);
  }
  board::BoardServer* server = nullptr;

 private:
  daemon::PcapTrace& files_;
  std::vector<daemon::TraceSpan> spans_;
};

Result<int> run(const Options& options) {
  const auto profile = profile::read_profile(options.profile);
  if (!profile) return std::unexpected(profile.error());
  const auto below = [&](const std::string& path) { return profile::Profile::below(options.run_dir, path); };
  const auto media_config = daemon::media_config(*profile, options.run_dir);
  if (auto ok = media::check_media(media_config); !ok) return std::unexpected(ok.error());
  for (const auto& dir : {options.run_dir, below(profile->record_dir), below(profile->trace_dir)})
    if (auto ok = daemon::make_directories(dir); !ok) return std::unexpected(ok.error());

  raise_file_limit();  // each recording holds a file open

  Reactor reactor;
  reactor.gather_every(kGatherEvery);
  Timers& timers = reactor.timers();
  use_process_clock(&timers);
  if (!process_clock_is_ours()) return fail("libpri would read the machine's clock", {}, "link drivers/base/clock_override.o into the program");

  // The lines come before the spool: a second boardd is refused before it touches the first one's file.
  auto lines = daemon::open_lines(reactor, *profile, below(profile->softspan_socket), daemon::LineEnd::center);
  if (!lines) return std::unexpected(lines.error());
  const auto epoch = daemon::next_epoch(below(profile->spool) + ".epoch", timers.now());
  if (!epoch) return std::unexpected(epoch.error());
  auto spool = daemon::FileSpool::open(below(profile->spool), [&reactor](std::function<void()> work) { reactor.post(std::move(work)); });
  if (!spool) return std::unexpected(spool.error());
  auto trace = daemon::PcapTrace::open(timers, below(profile->trace_dir), daemon::trace_spans(*profile));
  if (!trace) return std::unexpected(trace.error());
  TraceFan frames(**trace, daemon::trace_spans(*profile));
  auto media = media::make_threaded_media(reactor, media_config);

  daemon::BoardConfig config;
  config.epoch = *epoch;
  config.fallback_prompt = profile->fallback_prompt;
  config.fallback_after = profile->fallback_after;
  config.deferred = false;  // the server only writes events down
  config.alarm_clear_calls = profile->alarm_clear_calls;
  daemon::BoardCore core(timers, *media, **spool, &frames, config, daemon::span_setups(*profile, (*lines)->spans()));
  auto server = board::BoardServer::open(reactor, below(profile->socket), core);
  if (!server) return std::unexpected(server.error());
  frames.server = server->get();

  core.start();
  bool stopping = false;
  reactor.on_signal([&](int signal) {
    if (signal == SIGHUP) return log::info("the profile is read at start only: SIGHUP does nothing");
    if (std::exchange(stopping, true)) return;
    core.stop([&reactor] { reactor.stop(); });
  });
  log::info("{} ready: epoch {}, {} spans, board link {}", kVersion, *epoch, profile->spans.size(), below(profile->socket));
  reactor.run();
  frames.server = nullptr;
  log::info("boardd has stopped");
  log::flush();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  cli::Program program("boardd: spans, signalling and media of a board-based call center");
  program.option("--profile", options.profile, "hardware profile (hw-profiles/*.toml)").required();
  program.option("--run-dir", options.run_dir, "where sockets, spool, traces and recordings are").shows_default();
  program.option("--log-level", options.log_level).one_of({"debug", "info", "warn", "error"}).shows_default();
  program.option("--log-file", options.log_file, "also write the log here");
  program.version(kVersion);
  if (const auto status = program.parse(argc, argv)) return *status;
  log::open("boardd", level_of(options.log_level), options.log_file);
  const auto status = run(options);
  return status ? *status : refused(status.error());
}
