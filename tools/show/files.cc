// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/files.h"

#include <boost/describe.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cti-core/store/schema.h"
#include "cti-core/store/sqlite.h"
#include "drivers/base/json.h"

namespace sr::show {
namespace {

struct RawRow {
  std::string direction, span, calling, called;
  int crv = 0;
  Instant at{};
  bool refused = false, delivered = false;
  std::optional<Instant> connected_at, cleared_at;
};
BOOST_DESCRIBE_STRUCT(RawRow, (), (direction, span, calling, called, crv, at, refused, delivered, connected_at, cleared_at))

std::uint32_t little(std::string_view bytes, std::size_t at) {
  std::uint32_t v = 0;
  for (std::size_t i = 4; i-- > 0;) v = (v << 8) | static_cast<unsigned char>(bytes[at + i]);
  return v;
}

constexpr std::size_t kHeadBytes = 256;
constexpr double kBytesPerSecond = 16'000;  // A-law, two channels, 8,000 samples/s

}  // namespace

Result<ExchangeRows> read_exchange(const std::string& path) {
  std::ifstream in(path);
  if (!in) return fail("cannot read " + path);
  ExchangeRows out;
  for (std::string line; std::getline(in, line);) {
    auto row = json::parse_as<RawRow>(line);
    if (!row) {
      ++out.broken_lines;
      continue;
    }
    if (row->direction == "out") {
      ++out.out;
      if (row->connected_at) ++out.out_connected;
    } else out.in.push_back({row->span, row->calling, row->called, row->crv, row->at, row->refused, row->delivered, row->connected_at, row->cleared_at});
  }
  return out;
}

Result<std::vector<LedgerCall>> read_ledger(const std::string& journal_path) {
  auto db = store::Database::open(journal_path, true);
  if (!db) return std::unexpected(db.error());
  if (auto ok = store::check_schema(*db); !ok) return std::unexpected(ok.error());
  auto calls = store::Statement::prepare(*db, "select call, span, crv, calling, called, begun_at, exists(select 1 from lost l where l.call = call.call and l.stage = 'captured') from call where direction = 'in' order by call");
  if (!calls) return std::unexpected(calls.error());
  std::vector<LedgerCall> out;
  std::map<std::uint64_t, std::size_t> place;
  while (calls->next()) {
    LedgerCall row;
    row.call = static_cast<std::uint64_t>(calls->integer(0));
    row.span = calls->text(1);
    row.crv = static_cast<int>(calls->integer(2));
    row.calling = calls->text(3);
    row.called = calls->text(4);
    row.at = calls->time(5);
    row.captured = calls->integer(6) != 0;
    place[row.call] = out.size();
    out.push_back(std::move(row));
  }
  auto recordings = store::Statement::prepare(*db, "select call, file from recording order by started_at");
  if (!recordings) return std::unexpected(recordings.error());
  while (recordings->next())
    if (const auto it = place.find(static_cast<std::uint64_t>(recordings->integer(0))); it != place.end())
      out[it->second].recordings.push_back(recordings->text(1));
  if (calls->failed() || recordings->failed()) return std::unexpected(db->error("reading the ledger").error());
  return out;
}

// RIFF chunks up to "data"; what cannot be read has length 0.
Wav wav_length(std::string_view head, std::uint64_t file_size) {
  if (head.size() < 20 || !head.starts_with("RIFF") || head.substr(8, 4) != "WAVE") return {};
  std::size_t at = 12;
  while (at + 8 <= head.size()) {
    const std::uint32_t length = little(head, at + 4);
    if (head.substr(at, 4) == "data") {
      const std::uint64_t there = file_size - std::min<std::uint64_t>(file_size, at + 8);
      return {static_cast<double>(std::min<std::uint64_t>(length, there)) / kBytesPerSecond};
    }
    if (length > kHeadBytes) return {};
    at += 8 + length + (length & 1U);
  }
  return {};
}

std::map<std::string, Wav> read_wavs(const std::string& directory) {
  namespace fs = std::filesystem;
  std::map<std::string, Wav> out;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(directory, ec), end; !ec && it != end; it.increment(ec)) {
    if (!it->is_regular_file(ec) || it->path().extension() != ".wav") continue;
    std::string head(kHeadBytes, '\0');
    std::ifstream in(it->path(), std::ios::binary);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    out[fs::relative(it->path(), directory, ec).string()] = wav_length(head, it->file_size(ec));
  }
  return out;
}

}  // namespace sr::show
