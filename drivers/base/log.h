// The log: one line per event, with ids and state, to stderr (and to the file that open() names). A thin front over spdlog so
// that no other header pays for it. Any thread but the media thread, which may not log.
//   log::info("leg {} {} -> {}: {}", id, from, to, why);
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace sr::log {

enum class Level { debug, info, warn, error, off };

void open(std::string_view program, Level level, const std::string& file = {});  // once, from main
void set_level(Level level);
bool enabled(Level level);
void write(Level level, std::string_view line);
void flush();

template <class... A>
void debug(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void info(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::info)) write(Level::info, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void warn(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::warn)) write(Level::warn, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void error(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::error)) write(Level::error, fmt::format(f, std::forward<A>(a)...));
}

}  // namespace sr::log
