// The CTI socket from a command's point of view: ask, wait for the answer, read events. Blocking, on plain poll(); every wait
// has an end.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "drivers/base/result.h"

namespace sr::ctictl {

inline constexpr std::chrono::milliseconds kAnswerMax{10'000};
inline constexpr std::size_t kLineMax = 16 * 1024 * 1024;  // a snapshot of a full center

class Client {
 public:
  static Result<Client> connect(const std::string& path);
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  struct Answer {
    std::string result;  // JSON text; empty: refused
    std::string error;   // JSON text of the error object
  };
  Result<Answer> ask(const std::string& method, const std::string& params = "{}");  // an Error: ctid has gone or is silent
  // The next notification, as JSON text of its line. Nothing: `wait` is over. Those that came during ask() come first.
  Result<std::optional<std::string>> next(std::chrono::milliseconds wait);

 private:
  explicit Client(int fd) : fd_(fd) {}
  Result<std::optional<std::string>> line(std::chrono::milliseconds wait);
  int fd_ = -1;
  int last_id_ = 0;
  std::string in_;
  std::size_t searched_ = 0;
  std::string kept_;  // notifications that came while an answer was awaited, with their newlines
};

}  // namespace sr::ctictl
