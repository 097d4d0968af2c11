// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/run_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace sr::show {
namespace {

namespace fs = std::filesystem;
constexpr const char* kLock = ".lock";
constexpr const char* kElsewhere = "name a directory that can be written with --run-dir";
// What a run writes. Only a directory that holds nothing else is moved away: --run-dir may be mistyped.
constexpr const char* kOurs[] = {"recordings", "report.json", "exchange.jsonl", "agents.jsonl", "progress.json", "summary.json", "journal.db", "business.db"};

bool is_a_run(const fs::path& dir) {
  std::error_code ec;
  for (const char* name : kOurs)
    if (fs::exists(dir / name, ec)) return true;
  return fs::exists(dir / kLock, ec) || fs::is_empty(dir, ec);
}

}  // namespace

// The lock file stands beside the directory, so that the directory can be moved while it is held.
Result<RunDir> RunDir::make(const std::string& path) {
  fs::path dir = fs::path(path).lexically_normal();
  if (dir.filename().empty()) dir = dir.parent_path();  // "run/" is "run"
  if (dir.empty() || dir == "." || dir == "..") return fail("'" + path + "' cannot be moved aside by the next run", {}, kElsewhere);
  std::error_code ec;
  if (dir.has_parent_path()) fs::create_directories(dir.parent_path(), ec);
  const std::string lock_path = dir.string() + kLock;
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return fail("cannot write " + lock_path + ": " + std::strerror(errno), {}, kElsewhere);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fail("another show is running in " + dir.string(), {}, "stop it, or name another directory with --run-dir");
  }
  RunDir out(dir.string(), lock);
  if (fs::exists(dir, ec)) {
    if (!is_a_run(dir)) return fail(dir.string() + " holds files that no show has written", {}, "name an empty or a new directory with --run-dir");
    const fs::path previous = dir.string() + ".prev";
    fs::remove_all(previous, ec);
    if (ec) return fail("cannot remove " + previous.string() + ", the run before the last: " + ec.message(), {}, "remove it, or name another directory with --run-dir");
    fs::rename(dir, previous, ec);
    if (ec) return fail("cannot move " + dir.string() + " to " + previous.string() + ": " + ec.message(), {}, "name a new directory with --run-dir");
  }
  fs::create_directories(dir / "recordings", ec);
  if (ec) return fail("cannot make " + dir.string() + ": " + ec.message(), {}, kElsewhere);
  return out;
}

RunDir::RunDir(RunDir&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
RunDir::~RunDir() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace sr::show
