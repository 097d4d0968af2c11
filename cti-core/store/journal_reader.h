// Rows of the past, for CTI clients that resume: a read-only connection on a thread of its own, so that neither the reactor nor
// the store's thread ever waits for it. At most kReadsMax requests wait; more are answered with an error at once (in a later turn).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "cti-core/model/journal_reader.h"
#include "cti-core/store/sqlite.h"

namespace sr::store {

inline constexpr std::size_t kReadsMax = 256;
inline constexpr std::size_t kReadRowsMax = 1000;  // per request, whatever was asked for

JournalReader::Rows read_rows(Database& database, Seq after, std::size_t limit);

class JournalReaderThread final : public JournalReader {
 public:
  using Post = std::function<void(std::function<void()>)>;
  static Result<std::unique_ptr<JournalReaderThread>> open(const std::string& path, Post post);  // after the Writer has opened it
  ~JournalReaderThread() override;  // answers that have not run are dropped
  void read(Seq after, std::size_t limit, std::function<void(Rows)> done) override;

 private:
  struct Impl;
  explicit JournalReaderThread(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // what was posted to the reactor may outlive the reader
};

class InlineJournalReader final : public JournalReader {  // World, tests: over the Writer's own database; `done` runs in a later turn
 public:
  InlineJournalReader(Database& database, Timers& timers) : database_(database), timers_(timers) {}
  void read(Seq after, std::size_t limit, std::function<void(Rows)> done) override;

 private:
  Database& database_;
  Timers& timers_;
};

}  // namespace sr::store
