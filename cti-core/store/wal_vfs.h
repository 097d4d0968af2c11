// The writer's way to the disk. SQLite writes each frame of its log by two calls, a commit of ours by about thirty; here they are
// put together and leave as one write when the frame that ends the commit is there, or when the log is synced, read, cut or
// closed. Nothing else of SQLite's files is touched. Before a commit ends nobody else looks at its frames, and a write that fails
// fails the commit that it belongs to, as it would have.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>

namespace sr::store {

inline constexpr std::size_t kWalBufferMax = 256 * 1024;  // of one commit; a larger one leaves in several writes

const char* wal_vfs();  // the name for sqlite3_open_v2; registers it at the first call. nullptr (the usual way): it could not be
}  // namespace sr::store
