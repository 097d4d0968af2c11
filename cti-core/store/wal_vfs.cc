// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/wal_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace sr::store {
namespace {

constexpr const char* kName = "switchroom";

// The format of the log (sqlite.org/fileformat2.html, 4.1): a page follows its frame header, in which the size of the database
// stands at the last frame of a commit and 0 at the others.
constexpr std::size_t kFrameHead = 24, kCommitAt = 4;

// What SQLite takes for its file. The real one stands behind it, in the room that szOsFile asked for.
struct WalFile : sqlite3_file {
  std::string bytes;            // to be written at `at`
  sqlite3_int64 at = 0;
  bool ends = false;            // the frame that is being written ends a commit
  sqlite3_file* real = nullptr;

  int flush() {
    if (bytes.empty()) return SQLITE_OK;
    const int code = real->pMethods->xWrite(real, bytes.data(), static_cast<int>(bytes.size()), at);
    bytes.clear();  // refused: SQLite rolls the commit back and writes it anew, if at all
    return code;
  }
  int write(const void* from, int count, sqlite3_int64 offset) {
    const auto n = static_cast<std::size_t>(count);
    if (offset != at + static_cast<sqlite3_int64>(bytes.size()) || bytes.size() + n > kWalBufferMax) {
      if (const int code = flush(); code != SQLITE_OK) return code;
      at = offset;
    }
    const auto* octets = static_cast<const unsigned char*>(from);
    bytes.append(static_cast<const char*>(from), n);
    if (std::exchange(ends, n == kFrameHead && std::any_of(octets + kCommitAt, octets + kCommitAt + 4, [](auto o) { return o != 0; })) && !ends) return flush();
    return SQLITE_OK;
  }
};

constexpr int kRealAt = (static_cast<int>(sizeof(WalFile)) + 15) / 16 * 16;

WalFile& of(sqlite3_file* file) { return *static_cast<WalFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file).real; }

// Whatever looks at the file looks at all of it.
template <class Then>
int flushed(sqlite3_file* file, Then then) {
  const int code = of(file).flush();
  return code == SQLITE_OK ? then(of(file).real) : code;
}

int wal_close(sqlite3_file* file) {
  WalFile& f = of(file);
  const int written = f.flush();
  const int closed = f.real->pMethods->xClose(f.real);
  f.~WalFile();
  return written == SQLITE_OK ? closed : written;
}
int wal_read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
  return flushed(file, [&](sqlite3_file* f) { return f->pMethods->xRead(f, to, count, at); });
}
int wal_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) { return of(file).write(from, count, at); }
int wal_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return flushed(file, [&](sqlite3_file* f) { return f->pMethods->xTruncate(f, size); });
}
int wal_sync(sqlite3_file* file, int flags) {
  return flushed(file, [&](sqlite3_file* f) { return f->pMethods->xSync(f, flags); });
}
int wal_size(sqlite3_file* file, sqlite3_int64* size) {
  return flushed(file, [&](sqlite3_file* f) { return f->pMethods->xFileSize(f, size); });
}
int wal_lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int wal_unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int wal_check_lock(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int wal_control(sqlite3_file* file, int what, void* value) { return real(file)->pMethods->xFileControl(real(file), what, value); }
int wal_sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int wal_device(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

constexpr sqlite3_io_methods make_methods() {
  sqlite3_io_methods m{};
  m.iVersion = 1;
  m.xClose = wal_close;
  m.xRead = wal_read;
  m.xWrite = wal_write;
  m.xTruncate = wal_truncate;
  m.xSync = wal_sync;
  m.xFileSize = wal_size;
  m.xLock = wal_lock;
  m.xUnlock = wal_unlock;
  m.xCheckReservedLock = wal_check_lock;
  m.xFileControl = wal_control;
  m.xSectorSize = wal_sector;
  m.xDeviceCharacteristics = wal_device;
  return m;
}
constexpr sqlite3_io_methods kMethods = make_methods();

int vfs_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto* usual = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_WAL) == 0) return usual->xOpen(usual, name, file, flags, flags_out);
  auto* behind = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kRealAt);
  file->pMethods = nullptr;  // nothing to close if this fails
  std::memset(behind, 0, static_cast<std::size_t>(usual->szOsFile));
  if (const int code = usual->xOpen(usual, name, behind, flags, flags_out); code != SQLITE_OK) return code;
  auto* ours = new (file) WalFile;
  ours->real = behind;
  ours->pMethods = &kMethods;
  return SQLITE_OK;
}

// SQLite keeps a pointer to it for the life of the process, so it is static.
sqlite3_vfs* make() {
  sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
  if (usual == nullptr) return nullptr;
  static sqlite3_vfs ours = *usual;
  ours.pNext = nullptr;
  ours.zName = kName;
  ours.szOsFile = kRealAt + usual->szOsFile;
  ours.pAppData = usual;
  ours.xOpen = vfs_open;  // the other calls do not look at their vfs
  return sqlite3_vfs_register(&ours, 0) == SQLITE_OK ? &ours : nullptr;
}

}  // namespace

const char* wal_vfs() {
  static const sqlite3_vfs* const registered = make();
  return registered != nullptr ? kName : nullptr;
}

}  // namespace sr::store
