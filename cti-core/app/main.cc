// ctid: the calls, the agents, the rules. Reads the center file, recovers from the journal, builds everything by hand in reading
// order, runs the reactor. Exit status: 0 after a clean stop, 1 when something failed while running, 2 when nothing was started.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unordered_set>

#include "cti-core/app/call_center.h"
#include "cti-core/app/config_files.h"
#include "cti-core/app/config_toml.h"
#include "cti-core/cti/server.h"
#include "cti-core/ivr/lua_engine.h"
#include "cti-core/ivr/sql_source.h"
#include "cti-core/store/journal_reader.h"
#include "cti-core/store/recover.h"
#include "cti-core/store/store_thread.h"
#include "drivers/base/file_limit.h"
#include "drivers/base/log.h"
#include "drivers/base/options.h"
#include "drivers/base/reactor.h"
#include "drivers/board/board_client.h"

namespace {

using namespace sr;
constexpr const char* kVersion = "ctid 0.1.0";
constexpr int kRefused = 2;

struct Options { std::string config, run_dir = "var/run", board, cti, scripts, prompts = "build/prompts", log_level = "info", log_file; };

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warn") return log::Level::warn;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

// Held for the life of the process: two of us on one journal would book every call twice. The kernel gives it back after a kill -9.
Result<int> lock(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return fail("cannot write " + path + ": " + std::strerror(errno), {}, "name a directory that can be written with --run-dir");
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  ::close(fd);
  return fail("another ctid is running on " + path, {}, "stop it, or name another directory with --run-dir");
}

// Prompts that boardd can play: <dir>/<language>/<name>.wav. What was found once is not looked for again.
class Prompts {
 public:
  explicit Prompts(std::string dir) : dir_(std::move(dir)) {}
  bool exists(const std::string& name) {
    if (known_.contains(name)) return true;
    if (name.find("..") != std::string::npos || ::access((dir_ + "/" + name + ".wav").c_str(), R_OK) != 0) return false;
    known_.insert(name);
    return true;
  }

 private:
  std::string dir_;
  std::unordered_set<std::string> known_;
};

Result<int> run(const Options& o) {
  const auto in_run = [&](const std::string& given, const char* name) { return given.empty() ? o.run_dir + "/" + name : given; };
  const std::string scripts = !o.scripts.empty() ? o.scripts : std::filesystem::path(o.config).parent_path().string();
  const std::string script_dir = scripts.empty() ? "." : scripts;
  const auto text = app::center_text(o.config);
  if (!text) return std::unexpected(text.error());
  auto config = app::parse_center(*text, o.config, script_dir);
  if (!config) return std::unexpected(config.error());
  std::error_code ec;
  std::filesystem::create_directories(o.run_dir, ec);
  if (ec) return fail("cannot make " + o.run_dir + ": " + ec.message(), {}, "name a directory that can be written with --run-dir");
  const auto locked = lock(o.run_dir + "/ctid.lock");
  if (!locked) return std::unexpected(locked.error());

  raise_file_limit();  // each client of the CTI socket holds one

  Reactor reactor;
  Timers& timers = reactor.timers();
  const auto post = [&reactor](std::function<void()> work) { reactor.post(std::move(work)); };

  const std::string journal = o.run_dir + "/journal.db", business = o.run_dir + "/business.db";
  const auto refused = [&](Error error) {
    if (error.fix.empty()) error.fix = "is it somebody else's? name another directory with --run-dir";
    return std::unexpected(std::move(error));
  };
  const auto recovered = store::recover(journal);
  if (!recovered) return refused(recovered.error());
  auto writer = store::Writer::open(journal);
  if (!writer) return refused(writer.error());
  auto reader = store::JournalReaderThread::open(journal, post);
  if (!reader) return std::unexpected(reader.error());
  store::StoreThread store(std::move(*writer), timers, post, recovered->next_seq);

  if (auto ok = ivr::prepare_business_data(business, script_dir + "/" + config->business_sql); !ok) return std::unexpected(ok.error());
  auto sql = ivr::make_sql_source(timers, post, {.path = business, .writable_tables = config->writable_tables});
  if (!sql) return std::unexpected(sql.error());

  Prompts prompts(o.prompts);
  const app::ConfigPlaces places{.file = o.config, .script_dir = script_dir, .prompts = o.prompts, .run_dir = o.run_dir};
  if (auto ok = app::check_prompts(*config, *text, o.config, places); !ok) return std::unexpected(ok.error());
  app::CallCenter center(timers, store, *config, *recovered, [&prompts](const std::string& name) { return prompts.exists(name); });
  reactor.on_turn_end([&center] { center.end_of_turn(); });  // before the sockets flush

  ivr::ThreadCpuClock clock;
  auto engine = ivr::LuaEngine::make(timers, center.host(), **sql, clock, {.directory = script_dir});
  for (const auto& n : config->numbers)
    if (auto ok = n.script.empty() ? Status{} : engine->load(n.script); !ok) return std::unexpected(ok.error());
  app::ConfigFiles files(places, post);
  center.reload_from(files);

  board::BoardClient board(reactor, in_run(o.board, "board.sock"), center.listener());
  for (const auto& [epoch, seq] : recovered->board_cursors) board.acknowledged(epoch, seq);
  auto cti = cti::CtiServer::open(reactor, center.cti(), **reader, {.path = in_run(o.cti, "cti.sock")});
  if (!cti) return std::unexpected(cti.error());
  center.attach(board, *engine);
  center.started_with(files.started_with(*text, *config));

  reactor.on_signal([&](int signal) {
    if (signal != SIGHUP) return reactor.stop();
    center.reload_on_signal();
  });
  board.start();
  log::info("{} ready: incarnation {}, {} calls and {} agents recovered, CTI {}", kVersion, recovered->incarnation, recovered->calls.size(),
            recovered->agents.size(), in_run(o.cti, "cti.sock"));
  reactor.run();
  center.end_of_turn();
  log::info("ctid has stopped");
  log::flush();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  cli::Program program("ctid: calls, agents and rules of a board-based call center");
  program.option("--config", o.config, "center file (ivr-scripts/center.toml)").required();
  program.option("--run-dir", o.run_dir, "where journal, business data and sockets are").shows_default();
  program.option("--board", o.board, "boardd's socket (default: board.sock in the run directory)");
  program.option("--cti", o.cti, "our own socket for clients (default: cti.sock in the run directory)");
  program.option("--scripts", o.scripts, "directory of the Lua scripts (default: where the center file is)");
  program.option("--prompts", o.prompts, "directory of the prompts that boardd plays").shows_default();
  program.option("--log-level", o.log_level).one_of({"debug", "info", "warn", "error"}).shows_default();
  program.option("--log-file", o.log_file, "also write the log here");
  program.version(kVersion);
  if (const auto status = program.parse(argc, argv)) return *status;
  log::open("ctid", level_of(o.log_level), o.log_file);
  const auto status = run(o);
  if (status) return *status;
  std::fprintf(stderr, "ctid: %s\n", status.error().text().c_str());
  return kRefused;
}
