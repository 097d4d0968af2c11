// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/pcap_trace.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "drivers/base/log.h"
#include "drivers/base/pcap.h"

namespace sr::daemon {

// buffer is the reactor's; path, fd and size are the file thread's once it runs; waiting belongs to both.
struct PcapTrace::File {
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  void write(const std::string& bytes);
  bool begin();

  std::string path;
  bool network_side = false;
  std::string buffer;
  std::atomic<std::size_t> waiting{0};
  int fd = -1;
  std::size_t size = 0;
  bool complained = false;
};

namespace {

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::size_t whole_part(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t n = ::pread(fd, bytes.data() + have, size - have, static_cast<off_t>(have));
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  bytes.resize(have);
  return pcap_whole(bytes);
}

}  // namespace

bool PcapTrace::File::begin() {
  if (fd >= 0) ::close(fd);
  fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  struct stat st {};
  if (fd < 0 || ::fstat(fd, &st) != 0) return false;
  size = static_cast<std::size_t>(st.st_size);
  if (size > 0) size = size > kTraceFileMax * 2 ? 0 : whole_part(fd, size);
  if (::ftruncate(fd, static_cast<off_t>(size)) != 0) return false;
  if (size > 0) return true;
  const auto header = pcap_header();
  size = header.size();
  return write_all(fd, header);
}

void PcapTrace::File::write(const std::string& bytes) {
  if (size + bytes.size() > kTraceFileMax) {
    const auto old = path.substr(0, path.size() - 5) + ".1.pcap";
    if (std::rename(path.c_str(), old.c_str()) != 0 || !begin()) { ::close(fd); fd = -1; }
  }
  if (fd >= 0 && write_all(fd, bytes)) {
    size += bytes.size();
    complained = false;
    return;
  }
  if (!std::exchange(complained, true)) log::error("the trace {} cannot be written: {}", path, std::strerror(errno));
  if (fd >= 0 && ::ftruncate(fd, static_cast<off_t>(size)) != 0) { ::close(fd); fd = -1; }  // no half frame may stay
}

Result<std::unique_ptr<PcapTrace>> PcapTrace::open(Timers& timers, const std::string& dir, std::vector<TraceSpan> spans) {
  std::vector<std::unique_ptr<File>> files;
  for (const auto& span : spans) {
    auto& file = files.emplace_back();
    if (!span.on) continue;
    file = std::make_unique<File>();
    file->path = dir + "/" + span.name + ".pcap";
    file->network_side = span.network_side;
    if (!file->begin()) return fail("the trace cannot be written: " + std::string(std::strerror(errno)), file->path, "check board.trace_dir");
  }
  return std::unique_ptr<PcapTrace>(new PcapTrace(timers, std::move(files)));
}

PcapTrace::PcapTrace(Timers& timers, std::vector<std::unique_ptr<File>> files)
    : timers_(timers), files_(std::move(files)), thread_(std::make_unique<FileThread>()) {}

PcapTrace::~PcapTrace() {
  timers_.cancel(timer_);
  flush();
  thread_.reset();
}

void PcapTrace::frame(int span, bool sent, std::span<const std::uint8_t> bytes, Instant at) {
  File* file = files_[static_cast<std::size_t>(span)].get();
  if (file == nullptr) return;
  if (file->buffer.size() + file->waiting.load(std::memory_order_relaxed) > kTraceBufferMax) {
    if (lost_++ == 0) log::error("the trace {} loses frames: the disk does not keep up", file->path);
    return;
  }
  pcap_frame(file->buffer, sent, file->network_side, bytes, at);
  if (file->buffer.size() >= kTraceWriteAt) write_out(*file);
  else if (timer_ == TimerId::none) arm();
}

void PcapTrace::arm() {
  timer_ = timers_.after(kTraceEvery, [this] {
    timer_ = TimerId::none;
    flush();
  });
}

void PcapTrace::flush() {
  for (const auto& file : files_)
    if (file != nullptr && !file->buffer.empty()) write_out(*file);
}

void PcapTrace::write_out(File& file) {
  const std::size_t size = file.buffer.size();
  file.waiting.fetch_add(size, std::memory_order_relaxed);
  const bool posted = thread_->post([&file, bytes = file.buffer] {
    file.write(bytes);
    file.waiting.fetch_sub(bytes.size(), std::memory_order_relaxed);
  });
  if (posted) file.buffer.clear();
  else file.waiting.fetch_sub(size, std::memory_order_relaxed);  // it stays in the buffer
}

}  // namespace sr::daemon
