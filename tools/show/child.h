// A child process of the show: its own process group (a Ctrl-C at the terminal reaches only us, who decide the order), its output
// in a log file, and killed by the kernel if we die. Nothing here waits: poll() is called by the show's timer.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.h"

namespace sr::show {

inline constexpr int kReapMax_ms = 2'000;  // a process that hangs in the kernel does not even end by SIGKILL

class Child {
 public:
  Child(std::string name, std::vector<std::string> command, std::string log_file);
  ~Child();  // kills and reaps it
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Status start();                 // the log is appended to
  bool running() const { return pid_ > 0; }
  std::optional<int> poll();      // its end, once: exit status, or 128 + signal
  void signal(int number) const;
  void kill_now();                // SIGKILL, and reaps it: kReapMax_ms at most
  pid_t pid() const { return pid_; }
  const std::string& name() const { return name_; }
  const std::string& log_file() const { return log_; }
  std::string last_lines(int count) const;  // of its log, for an error message

 private:
  const std::string name_;
  const std::vector<std::string> command_;
  const std::string log_;
  pid_t pid_ = 0;
};

}  // namespace sr::show
