// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/record_writer.h"

#include <algorithm>
#include <string_view>

#include "drivers/media/wav.h"

namespace sr::media {
namespace {
constexpr std::uint32_t kBytesPerMs = 16;  // two channels of 8 kHz
}  // namespace

RecordWriter::RecordWriter(std::unique_ptr<RecordFiles> files, RecordPool& pool, int disk_low_percent, Handler handler)
    : files_(std::move(files)), pool_(pool), disk_low_percent_(disk_low_percent), handler_(std::move(handler)), silence_(kChunkBytes, kAlawSilence) {}

Status RecordWriter::check_name(const std::string& file) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-";
  const auto wrong = [&](std::string_view why) { return fail("recording file '" + file + "' " + std::string(why), {}, "write a relative name of A-Z a-z 0-9 . _ / -, ending in .wav"); };
  if (file.empty() || file.size() > kRecordFileMax) return wrong("is empty or too long");
  if (file.find_first_not_of(kAllowed) != std::string::npos) return wrong("has a character that is not allowed");
  if (file.front() == '/' || file.find("..") != std::string::npos) return wrong("leaves the recording directory");
  if (!file.ends_with(".wav")) return wrong("does not end in .wav");
  return {};
}

void RecordWriter::turn(int turns) {
  if (!started_) {
    started_ = true;
    files_->mend();
    look_at_disk();
  }
  RecordRequest request;
  while (requests_.pop(request)) on_request(request);
  RecordPiece piece;
  while (pool_.next(piece)) on_piece(piece);
  turns_ += turns;
  if (turns_ < kTurnsPerSync) return;
  turns_ = 0;
  if (written_) files_->sync();
  written_ = false;
  look_at_disk();
}

void RecordWriter::on_request(const RecordRequest& request) {
  if (request.cancel) {
    end(request.record, RecordDone::End::failed, "the command for it was lost");
    return;
  }
  const std::string file(request.file.data(), request.length);
  if (low_) {
    handler_.on_done({.record = request.record, .file = file, .end = RecordDone::End::disk_low, .why = "disk low"});
    return;
  }
  const auto handle = files_->create(file);
  if (!handle) {
    handler_.on_done({.record = request.record, .file = file, .end = RecordDone::End::failed, .why = handle.error().text()});
    return;
  }
  open_[request.record] = Open{.file = file, .handle = *handle};
}

// Pieces of a recording that has ended early (disk low, write error) are dropped here.
void RecordWriter::on_piece(const RecordPiece& piece) {
  // The reactor asks for the file before it sends cmd::Record, but the piece may have overtaken the request in this turn.
  if (!open_.contains(piece.record)) {
    RecordRequest request;
    while (requests_.pop(request)) on_request(request);
  }
  Status status;
  if (const auto found = open_.find(piece.record); found != open_.end()) {
    Open& o = found->second;
    if (piece.gap_blocks > 0) status = silence(o, piece.gap_blocks);
    if (status && piece.bytes > 0 && o.bytes + piece.bytes <= kWavBytesMax) {
      status = files_->append(o.handle, {pool_.bytes(piece.chunk), piece.bytes});
      if (status) o.bytes += piece.bytes;
    }
    written_ = true;
  }
  if (piece.chunk != kNoChunk) pool_.give_back(piece.chunk);
  if (!status) {
    end(piece.record, RecordDone::End::failed, status.error().text());
    look_at_disk();
  } else if (piece.last) {
    end(piece.record, RecordDone::End::done, {});
  }
}

Status RecordWriter::silence(Open& o, std::uint32_t blocks) {
  std::uint64_t bytes = std::uint64_t{blocks} * kRecordBlockBytes;
  if (o.bytes + bytes > kWavBytesMax) return {};
  while (bytes > 0) {
    const std::size_t n = std::min<std::uint64_t>(bytes, silence_.size());
    if (auto ok = files_->append(o.handle, {silence_.data(), n}); !ok) return ok;
    bytes -= n;
    o.bytes += n;
  }
  return {};
}

void RecordWriter::end(std::uint32_t record, RecordDone::End how, std::string why) {
  auto node = open_.extract(record);
  if (node.empty()) return;
  const Open& o = node.mapped();
  if (auto ok = files_->finish(o.handle, static_cast<std::uint32_t>(o.bytes)); !ok && how == RecordDone::End::done) {
    how = RecordDone::End::failed;
    why = ok.error().text();
  }
  handler_.on_done({.record = record, .file = o.file, .duration_ms = static_cast<std::uint32_t>(o.bytes / kBytesPerMs), .end = how, .why = std::move(why)});
}

void RecordWriter::look_at_disk() {
  const double percent = files_->free_percent();
  if (!low_ && percent < disk_low_percent_) {
    low_ = true;
    std::vector<std::uint32_t> all;
    for (const auto& [record, o] : open_) all.push_back(record);
    std::sort(all.begin(), all.end());
    for (const auto record : all) end(record, RecordDone::End::disk_low, "disk low");
    handler_.on_disk_low(true);
  } else if (low_ && percent >= disk_low_percent_ + kDiskLowHysteresisPercent) {
    low_ = false;
    handler_.on_disk_low(false);
  }
}

void RecordWriter::finish_all() {
  turn();
  std::vector<std::uint32_t> all;
  for (const auto& [record, o] : open_) all.push_back(record);
  std::sort(all.begin(), all.end());
  for (const auto record : all) end(record, RecordDone::End::done, {});
  if (written_) files_->sync();
}

}  // namespace sr::media
