// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <utility>

namespace sr::show {
namespace {

void wait_for_end(pid_t pid) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) return;
  pollfd p{fd, POLLIN, 0};
  (void)::poll(&p, 1, kReapMax_ms);
  ::close(fd);
}

}  // namespace

Child::Child(std::string name, std::vector<std::string> command, std::string log_file)
    : name_(std::move(name)), command_(std::move(command)), log_(std::move(log_file)) {}
Child::~Child() { kill_now(); }

Status Child::start() {
  if (running()) return {};
  const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return fail("cannot write " + log_ + ": " + std::strerror(errno));
  std::vector<char*> argv;
  std::vector<std::string> words = command_;  // execv wants char*
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    ::close(log);
    return fail(std::string("cannot start ") + name_ + ": " + std::strerror(errno));
  }
  if (pid == 0) {  // only async-signal-safe calls from here
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::execv(argv[0], argv.data());
    const char text[] = "cannot execute the program\n";
    (void)!::write(2, text, sizeof text - 1);
    ::_exit(127);
  }
  ::setpgid(pid, pid);
  ::close(log);
  pid_ = pid;
  return {};
}

std::optional<int> Child::poll() {
  if (!running()) return std::nullopt;
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
  pid_ = 0;
  if (ended < 0) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Child::signal(int number) const {
  if (running()) ::kill(pid_, number);
}

void Child::kill_now() {
  if (!running()) return;
  ::kill(-pid_, SIGKILL);  // its group: whatever it may have started itself
  ::kill(pid_, SIGKILL);
  wait_for_end(pid_);
  ::waitpid(pid_, nullptr, WNOHANG);
  pid_ = 0;
}

std::string Child::last_lines(int count) const {
  std::ifstream in(log_);
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back("  " + line);
    if (std::cmp_greater(lines.size(), count)) lines.pop_front();
  }
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace sr::show
