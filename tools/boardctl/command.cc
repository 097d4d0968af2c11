// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace sr::boardctl {
namespace {

[[noreturn]] void become(const std::vector<std::string>& words, int out) {
  ::setpgid(0, 0);
  const int in = ::open("/dev/null", O_RDONLY);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {127, "no pipe"};
  const pid_t pid = ::fork();
  if (pid == 0) become(words, ends[1]);
  ::close(ends[1]);
  CommandResult result;
  const int step_ms = 100;
  int left_ms = static_cast<int>(kCommandMax / 1ms);
  for (pollfd p{ends[0], POLLIN, 0}; pid > 0 && left_ms > 0;) {
    const int ready = ::poll(&p, 1, step_ms);
    if (ready < 0 && errno != EINTR) break;
    if (ready <= 0) {
      left_ms -= step_ms;
      continue;
    }
    char bytes[4096];
    const ssize_t n = ::read(ends[0], bytes, sizeof bytes);
    if (n <= 0) break;
    if (result.output.size() < kCommandOutputMax) result.output.append(bytes, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  if (pid <= 0) return {127, "cannot be started"};
  if (left_ms <= 0) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  result.exit_code = left_ms <= 0 ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

void wait_for(Duration time) { ::poll(nullptr, 0, static_cast<int>(time / 1ms)); }

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

}  // namespace sr::boardctl
