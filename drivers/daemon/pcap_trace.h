// The D-channel trace of boardd: <dir>/<span>.pcap, one per span. Frames are gathered in memory and written by a thread of its own
// once per second or 64 KiB, always whole ones: after kill -9 the file ends at a whole frame and lacks at most the last second.
// A file that a former life left is continued. At kTraceFileMax it becomes <span>.1.pcap and a new one begins.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/daemon/d_trace.h"
#include "drivers/daemon/file_thread.h"

namespace sr::daemon {

inline constexpr std::size_t kTraceFileMax = 256 << 20;    // bytes of one file
inline constexpr std::size_t kTraceBufferMax = 4 << 20;    // waiting in memory for a slow disk; beyond, frames are lost and counted
inline constexpr std::size_t kTraceWriteAt = 64 << 10;
inline constexpr Duration kTraceEvery = 1s;

struct TraceSpan { std::string name; bool network_side = false; bool on = true; };  // on: it has a D channel

class PcapTrace final : public DTrace {
 public:
  static Result<std::unique_ptr<PcapTrace>> open(Timers& timers, const std::string& dir, std::vector<TraceSpan> spans);
  ~PcapTrace() override;  // writes the rest
  void frame(int span, bool sent, std::span<const std::uint8_t> frame, Instant at) override;
  void flush();
  std::uint64_t lost() const { return lost_; }

 private:
  struct File;
  PcapTrace(Timers& timers, std::vector<std::unique_ptr<File>> files);
  void write_out(File& file);
  void arm();

  Timers& timers_;
  std::vector<std::unique_ptr<File>> files_;  // by span; nullptr: not traced
  std::uint64_t lost_ = 0;
  TimerId timer_ = TimerId::none;
  std::unique_ptr<FileThread> thread_;
};

}  // namespace sr::daemon
