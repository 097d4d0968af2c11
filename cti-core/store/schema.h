// The tables of var/run/journal.db and how an older file is brought up to date (PRAGMA user_version counts the steps).
// Times are microseconds since the epoch (base/time.h); a time that has not come is NULL, an unknown text is ''.
// The tables, what a row of each means, and who counts it: see kSchema in schema.cc, which is the document.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "cti-core/store/sqlite.h"

namespace sr::store {

inline constexpr int kSchemaVersion = 5;

// A log of 4 MiB between checkpoints. The file keeps its size, which is room already taken: writing over it is cheaper than growing it.
inline constexpr const char* kUsualCheckpoint = "pragma wal_autocheckpoint=4096";

// WAL, synchronous=FULL, then the steps that are missing, each in one transaction. A file written by a newer program is
// refused, untouched.
Status migrate(Database& database);

// For readers: the file is a journal of ours, of this version.
Status check_schema(Database& database);

// Table meta: numbers by name (journal_epoch, incarnation, seq_floor, call_floor).
Result<std::int64_t> meta(Database& database, std::string_view name);
Status set_meta(Database& database, std::string_view name, std::int64_t value);

}  // namespace sr::store
