// Result<T>: what a function returns that the world may make fail.
// Bugs are not Errors: they are caught by `ensure` (always on), which logs the place and aborts the process.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <expected>
#include <string>
#include <string_view>

namespace sr {

// `where` is "file:line" for configuration, empty otherwise. `fix` says what to write or do instead.
struct Error {
  std::string what;
  std::string where;
  std::string fix;
  std::string text() const;  // "where: what (fix)" with the empty parts left out
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

inline std::unexpected<Error> fail(std::string what, std::string where = {}, std::string fix = {}) {
  return std::unexpected<Error>(Error{std::move(what), std::move(where), std::move(fix)});
}

[[noreturn]] void broken(const char* condition, const char* file, int line);

}  // namespace sr

// Always on: an invariant of ours that must hold whatever the world does.
#define SR_ENSURE(condition) ((condition) ? (void)0 : ::sr::broken(#condition, __FILE__, __LINE__))
