// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/call_log.h"

#include <cerrno>
#include <cstring>

#include "drivers/base/json.h"

namespace sr::callgen {
namespace {

Result<std::FILE*> open_file(const std::string& path) {
  if (path.empty()) return static_cast<std::FILE*>(nullptr);
  std::FILE* f = std::fopen(path.c_str(), "we");
  if (f == nullptr) return fail("cannot write " + path + ": " + std::strerror(errno));
  return f;
}

template <class Row>
void line(std::FILE* f, const Row& row) {
  if (f == nullptr) return;
  std::string text = json::to_string(row);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), f);
}

}  // namespace

Result<std::unique_ptr<FileSink>> FileSink::open(const std::string& calls_path, const std::string& agents_path) {
  std::unique_ptr<FileSink> sink(new FileSink);
  auto calls = open_file(calls_path);
  if (!calls) return std::unexpected(calls.error());
  sink->calls_ = *calls;
  auto agents = open_file(agents_path);
  if (!agents) return std::unexpected(agents.error());
  sink->agents_ = *agents;
  return sink;
}

FileSink::~FileSink() {
  if (calls_ != nullptr) std::fclose(calls_);
  if (agents_ != nullptr) std::fclose(agents_);
}
void FileSink::call(const CallRow& row) { line(calls_, row); }
void FileSink::agent(const AgentRow& row) { line(agents_, row); }
void FileSink::flush() {
  if (calls_ != nullptr) std::fflush(calls_);
  if (agents_ != nullptr) std::fflush(agents_);
}

}  // namespace sr::callgen
