// The writer's way to the disk. SQLite writes each frame of its log by two calls, a commit of ours by about thirty; here they are
// put together and leave as one write when the log is synced (or read, cut or closed). Nothing else of SQLite's files is touched.
// It rests on synchronous=FULL (schema.cc): a commit is told to other connections after the sync of the log only, and what has
// not been synced is of no commit. A write that fails is therefore found by the sync – the same commit fails, as it would have.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>

namespace sr::store {

inline constexpr std::size_t kWalBufferMax = 256 * 1024;  // of one commit; a larger one leaves in several writes

const char* wal_vfs();  // the name for sqlite3_open_v2; registers it at the first call. nullptr (the usual way): it could not be
}  // namespace sr::store
