// The way of recorded samples from the media thread to the file writer: chunks of half a second from a bounded pool, handed over
// through rings. The media thread never waits: without a free chunk it counts the blocks, and the writer puts silence there.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "drivers/base/spsc_ring.h"
#include "drivers/span/span.h"

namespace sr::media {

inline constexpr std::size_t kRecordBlockBytes = 2 * kBlockSamples;  // left and right sample in turn
inline constexpr std::size_t kChunkBlocks = 25;                      // 0.5 s: what a kill -9 may cost
inline constexpr std::size_t kChunkBytes = kChunkBlocks * kRecordBlockBytes;
inline constexpr std::size_t kChunksPerRecordMax = 8;                // the disk may stand still for 4 s
inline constexpr std::uint32_t kNoChunk = 0xFFFFFFFF;

struct RecordPiece {
  std::uint32_t record = 0;
  std::uint32_t chunk = kNoChunk;
  std::uint32_t bytes = 0;
  std::uint32_t gap_blocks = 0;  // lost before it: silence
  bool last = false;
};

// Shared by exactly two threads: the media thread takes chunks and pushes pieces, the writer pops pieces and gives chunks back.
// A chunk's memory is touched when it is first used, and used ones are used again first.
class RecordPool {
 public:
  explicit RecordPool(std::size_t records_max)
      : chunks_max_(records_max * kChunksPerRecordMax), data_(std::make_unique_for_overwrite<std::uint8_t[]>(chunks_max_ * kChunkBytes)),
        pieces_(chunks_max_ + 2 * records_max + 16), used_(chunks_max_) {}

  std::uint8_t* bytes(std::uint32_t chunk) { return data_.get() + std::size_t{chunk} * kChunkBytes; }
  std::uint32_t take() {  // media thread; kNoChunk: none is free
    std::uint32_t chunk = kNoChunk;
    if (used_.pop(chunk)) return chunk;
    return fresh_ < chunks_max_ ? fresh_++ : kNoChunk;
  }
  bool hand_over(const RecordPiece& piece) { return pieces_.push(piece); }  // media thread
  bool next(RecordPiece& piece) { return pieces_.pop(piece); }              // writer
  void give_back(std::uint32_t chunk) { (void)used_.push(chunk); }          // writer; as many places as chunks
  std::size_t waiting() const { return pieces_.size(); }

 private:
  const std::size_t chunks_max_;
  std::unique_ptr<std::uint8_t[]> data_;
  SpscRing<RecordPiece> pieces_;
  SpscRing<std::uint32_t> used_;
  std::uint32_t fresh_ = 0;  // chunks below it have been in use
};

// The media thread's side of all recordings, by slot index.
class RecordTap {
 public:
  RecordTap(RecordPool& pool, std::size_t slots) : pool_(pool), taps_(slots) {}
  void begin(std::size_t slot, std::uint32_t record);
  // Blocks that could not be kept before this one and are now known to be lost: 0 but for the first block after a loss.
  std::uint32_t block(std::size_t slot, const Block& left, const Block& right);
  std::uint32_t end(std::size_t slot);  // likewise, those lost at the end
  bool active(std::size_t slot) const { return taps_[slot].record != 0; }
  std::uint32_t record(std::size_t slot) const { return taps_[slot].record; }
  std::uint64_t blocks_lost() const { return lost_; }

 private:
  struct Tap { std::uint32_t record = 0, chunk = kNoChunk, bytes = 0, gap = 0; std::uint32_t unreported = 0; };
  RecordPool& pool_;
  std::vector<Tap> taps_;
  std::uint64_t lost_ = 0;
};

}  // namespace sr::media
