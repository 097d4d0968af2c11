// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/record_files.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "drivers/base/log.h"
#include "drivers/media/wav.h"

namespace sr::media {
namespace fs = std::filesystem;
namespace {

class DiskFiles final : public RecordFiles {
 public:
  explicit DiskFiles(std::string directory) : directory_(std::move(directory)) {}
  ~DiskFiles() override {
    if (dir_fd_ >= 0) ::close(dir_fd_);
  }

  void mend() override {
    std::error_code ec;
    int mended = 0;
    for (fs::recursive_directory_iterator it(directory_, ec), end; !ec && it != end; it.increment(ec)) {
      std::error_code inner;
      if (it->path().extension() != ".wav" || !it->is_regular_file(inner)) continue;
      const auto done = mend_recording(it->path().string());
      if (!done) log::warn("{}", done.error().text());
      else if (*done) ++mended;
    }
    if (mended > 0) log::info("recordings: {} left open by a crash got their length", mended);
  }

  Result<int> create(const std::string& file) override {
    const fs::path path = fs::path(directory_) / file;
    const auto make = [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640); };
    int fd = make();
    if (fd < 0 && errno == ENOENT) {
      std::error_code ec;
      fs::create_directories(path.parent_path(), ec);
      fd = make();
    }
    if (fd < 0) return fail("recording " + path.string() + ": " + std::strerror(errno));
    const WavHeader header = wav_header(2, kWavLengthOpen);
    if (auto ok = append(fd, header); !ok) {
      ::close(fd);
      return std::unexpected(ok.error());
    }
    return fd;
  }

  Status append(int fd, std::span<const std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(std::string("recording: ") + std::strerror(errno));
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  Status finish(int fd, std::uint32_t data_bytes) override {
    const WavHeader header = wav_header(2, data_bytes);
    Status status;
    if (::pwrite(fd, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) status = fail(std::string("recording: ") + std::strerror(errno));
    if (::close(fd) != 0 && status) status = fail(std::string("recording: ") + std::strerror(errno));
    return status;
  }

  void sync() override {
    if (dir_fd_ < 0) dir_fd_ = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd_ >= 0) ::syncfs(dir_fd_);
  }

  // Of what an ordinary user may use; the directory may not exist yet: then of the nearest one above.
  double free_percent() override {
    fs::path path = fs::absolute(directory_);
    struct statvfs st{};
    while (::statvfs(path.c_str(), &st) != 0) {
      if (path == path.parent_path()) return 100.0;
      path = path.parent_path();
    }
    const double usable = static_cast<double>(st.f_blocks - st.f_bfree + st.f_bavail);
    return usable > 0 ? 100.0 * static_cast<double>(st.f_bavail) / usable : 100.0;
  }

 private:
  const std::string directory_;
  int dir_fd_ = -1;
};

}  // namespace

std::unique_ptr<RecordFiles> make_disk_files(const std::string& directory) { return std::make_unique<DiskFiles>(directory); }

Result<int> MemoryFiles::create(const std::string& file) {
  files[++last_].name = file;
  return last_;
}

Status MemoryFiles::append(int handle, std::span<const std::uint8_t> bytes) {
  if (full) return fail("recording: no space left");
  File& f = files[handle];
  f.size += bytes.size();
  if (keep_) f.bytes.insert(f.bytes.end(), bytes.begin(), bytes.end());
  return {};
}

Status MemoryFiles::finish(int handle, std::uint32_t data_bytes) {
  files[handle].finished = true;
  files[handle].data_bytes = data_bytes;
  if (!keep_) files.erase(handle);
  return {};
}

}  // namespace sr::media
