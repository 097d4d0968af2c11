// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/call_log.h"

#include "drivers/base/json.h"
#include "drivers/base/log.h"

namespace sr::callgen {

Result<std::unique_ptr<FileSink>> FileSink::open(const std::string& calls_path, const std::string& agents_path) {
  std::unique_ptr<FileSink> sink(new FileSink);
  if (auto ok = sink->calls_.open(calls_path, kRoomAhead); !ok) return std::unexpected(ok.error());
  if (auto ok = sink->agents_.open(agents_path, 0); !ok) return std::unexpected(ok.error());
  return sink;
}

void FileSink::call(const CallRow& row) { calls_.add(json::to_string(row)); }
void FileSink::agent(const AgentRow& row) { agents_.add(json::to_string(row)); }
void FileSink::flush() {
  calls_.flush();
  agents_.flush();
}
bool FileSink::close() {
  if (!agents_.close()) log::warn("rows of the agents' rings are missing: they could not be written");
  const bool complete = calls_.close();
  if (!complete) log::error("rows of the calls are missing: they could not be written");
  return complete;
}

}  // namespace sr::callgen
