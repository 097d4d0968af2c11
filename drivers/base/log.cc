// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

namespace sr::log {
namespace {

// The one piece of process-wide state: a log belongs to the process, and passing it to every pure function would say nothing.
std::shared_ptr<spdlog::logger> logger;
std::atomic<Level> threshold{Level::off};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warn: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
    case Level::off: break;
  }
  return spdlog::level::off;
}

}  // namespace

void open(std::string_view program, Level level, const std::string& file) {
  if (file.empty())
    logger = std::make_shared<spdlog::logger>(std::string(program), std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  else
    logger = std::make_shared<spdlog::logger>(std::string(program), std::make_shared<spdlog::sinks::basic_file_sink_mt>(file));
  logger->set_level(spdlog::level::trace);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %n %^%l%$ %v");
  logger->flush_on(spdlog::level::warn);
  threshold = level;
}

void set_level(Level level) { threshold = level; }

bool enabled(Level level) { return level >= threshold.load(std::memory_order_relaxed) && logger; }

void write(Level level, std::string_view line) {
  if (!enabled(level)) return;
  std::string one(line);  // what came from outside must not look like a line of its own
  std::ranges::replace_if(one, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  logger->log(to_spdlog(level), one);
}

void flush() {
  if (logger) logger->flush();
}

}  // namespace sr::log
