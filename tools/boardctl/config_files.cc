// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/config_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "tools/boardctl/host.h"

namespace sr::boardctl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kDifferenceLinesMax = 2000;  // of one file
constexpr const char* kAbsent = ".absent";         // kept in place of a file that was not there

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line) && out.size() < kDifferenceLinesMax;) out.push_back(line);
  return out;
}

// Longest common subsequence: what is in both stays, the rest goes or comes.
std::string changes(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<unsigned>> common(a.size() + 1, std::vector<unsigned>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::string out;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) ++i, ++j;
    else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) out += "-" + a[i++] + "\n";
    else out += "+" + b[j++] + "\n";
  }
  return out;
}

Status failed(const std::string& what, const std::string& path) {
  const int error = errno;
  return fail(what + ": " + std::strerror(error), path, error == EACCES || error == EPERM ? "run boardctl as root" : "see that the disk has room and can be written");
}

Status sync_directory(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) {
    if (fd >= 0) ::close(fd);
    return failed("cannot be synced", path);
  }
  ::close(fd);
  return {};
}

Status write_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".switchroom-new";
  std::error_code error;
  if (fs::create_directories(fs::path(path).parent_path(), error); error) {
    errno = error.value();
    return failed("cannot be made", fs::path(path).parent_path());
  }
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return failed("cannot be written", fresh);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    done += static_cast<std::size_t>(n);
  }
  const bool whole = done == text.size() && ::fsync(fd) == 0;
  ::close(fd);
  if (!whole || ::rename(fresh.c_str(), path.c_str()) != 0) {
    const auto status = failed("cannot be written", path);
    ::unlink(fresh.c_str());
    return status;
  }
  return sync_directory(fs::path(path).parent_path());
}

Status keep_previous(const std::string& root, const std::vector<ConfigFile>& files) {
  const std::string kept = root + "/" + kPreviousDir, fresh = kept + ".new";
  std::error_code error;
  fs::remove_all(fresh, error);
  for (const auto& file : files) {
    const auto old = Host::read(root + "/" + file.path);
    if (auto ok = write_file(fresh + "/" + file.path + (old ? "" : kAbsent), old.value_or("")); !ok) return ok;
  }
  fs::remove_all(kept, error);
  if (::rename(fresh.c_str(), kept.c_str()) != 0) return failed("cannot be made", kept);
  return sync_directory(fs::path(kept).parent_path());
}

}  // namespace

std::string difference(const std::string& root, const std::vector<ConfigFile>& files) {
  std::string out;
  for (const auto& file : files) {
    const auto old = Host::read(root + "/" + file.path);
    if (old && *old == file.text) continue;
    out += "/" + file.path + (old ? "" : " (new)") + "\n" + changes(lines_of(old.value_or("")), lines_of(file.text));
  }
  return out;
}

Result<int> replace_files(const std::string& root, const std::vector<ConfigFile>& files) {
  int replaced = 0;
  for (const auto& file : files)
    if (Host::read(root + "/" + file.path) != file.text) ++replaced;
  if (replaced == 0) return 0;
  if (auto ok = keep_previous(root, files); !ok) return std::unexpected(ok.error());
  for (const auto& file : files)
    if (auto ok = write_file(root + "/" + file.path, file.text); !ok) return std::unexpected(ok.error());
  return replaced;
}

Result<std::vector<std::string>> restore_files(const std::string& root) {
  const std::string kept = root + "/" + kPreviousDir;
  if (!Host::exists(kept)) return fail("nothing is kept", kept, "boardctl apply keeps what it replaces; there was no apply since the last rollback");
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(kept)) {
    if (!entry.is_regular_file()) continue;
    std::string path = entry.path().lexically_relative(kept).string();
    if (path.ends_with(kAbsent)) {
      path.resize(path.size() - std::strlen(kAbsent));
      if (::unlink((root + "/" + path).c_str()) != 0 && errno != ENOENT) return std::unexpected(failed("cannot be removed", root + "/" + path).error());
    } else if (auto ok = write_file(root + "/" + path, Host::read(entry.path().string()).value_or("")); !ok) {
      return std::unexpected(ok.error());
    }
    out.push_back("/" + path);
  }
  std::error_code error;
  fs::remove_all(kept, error);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace sr::boardctl
