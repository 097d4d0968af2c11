// Opens, writes and closes the recordings: turn() does what has come up since the last one. It runs on a thread of its own in
// boardd and inside the tick in the World; the code is the same. Opening takes a request through a ring, so that the reactor
// never waits for a disk; the end of each recording is told through on_done.
// The header of a file that is being written has an open length, with which readers play all that is there: a length patched at
// each flush would cost a call more and could only be too short. A header left open by a kill -9 is mended at the next start.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "drivers/media/media_port.h"
#include "drivers/media/record_files.h"
#include "drivers/media/record_pool.h"

namespace sr::media {

inline constexpr std::size_t kRecordFileMax = 200;         // characters of a file name
inline constexpr std::size_t kOpenRequestsMax = 1'024;
inline constexpr int kTurnsPerSync = 15;                   // turns of 100 ms between two syncs and looks at the disk's free space
inline constexpr int kDiskLowHysteresisPercent = 1;

struct RecordRequest {  // open, or (cancel) end a recording whose cmd::Record never reached the engine
  std::uint32_t record = 0;
  bool cancel = false;
  std::uint8_t length = 0;
  std::array<char, kRecordFileMax> file{};
};

class RecordWriter {
 public:
  struct Handler {
    std::function<void(RecordDone)> on_done;
    std::function<void(bool low)> on_disk_low;
  };
  RecordWriter(std::unique_ptr<RecordFiles> files, RecordPool& pool, int disk_low_percent, Handler handler);

  static Status check_name(const std::string& file);  // as board::cmd::Record says
  bool request(const RecordRequest& request) { return requests_.push(request); }  // the other thread

  void turn(int turns = 1);    // the writer's thread; turns: how many times 100 ms have passed
  void finish_all();           // at the very end: everything that is still open is closed
  std::size_t open_files() const { return open_.size(); }
  bool idle() const { return open_.empty() && requests_.size() == 0 && pool_.waiting() == 0; }

 private:
  struct Open { std::string file; int handle = -1; std::uint64_t bytes = 0; };
  void on_request(const RecordRequest& request);
  void on_piece(const RecordPiece& piece);
  void look_at_disk();
  void end(std::uint32_t record, RecordDone::End end, std::string why);
  Status silence(Open& open, std::uint32_t blocks);

  std::unique_ptr<RecordFiles> files_;
  RecordPool& pool_;
  const int disk_low_percent_;
  Handler handler_;
  SpscRing<RecordRequest> requests_{kOpenRequestsMax};
  std::unordered_map<std::uint32_t, Open> open_;
  std::vector<std::uint8_t> silence_;
  bool started_ = false, low_ = false, written_ = false;
  int turns_ = 0;
};

}  // namespace sr::media
