// The writer's way to the disk. SQLite writes each frame of its log by two calls, a commit of ours by about thirty; here they are
// put together and leave as one write when the frame that ends the commit is there, or when the log is synced, read, cut or
// closed. Nothing else of SQLite's files is touched. Before a commit ends nobody else looks at its frames, and a write that fails
// fails the commit that it belongs to, as it would have.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>

namespace sr::store {

// Of one commit; a larger one leaves in several writes. SQLite's unix VFS takes less than 128 KiB at a time: it masks the length, and a
// write that is left with a multiple of that is "disk full".
inline constexpr std::size_t kWalBufferMax = 120 * 1024;

const char* wal_vfs();  // the name for sqlite3_open_v2; registers it at the first call. nullptr (the usual way): it could not be
}  // namespace sr::store
