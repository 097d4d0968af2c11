// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/books.h"

#include "cti-core/store/schema.h"
#include "drivers/base/json.h"

namespace sr::store {
namespace {

// Every call of the interval, once per table in which it stands.
#define SR_STANDINGS                                                                       \
  "select call, 'answered' as place from answered where offered_at >= ?1 and offered_at < ?2" \
  " union all select call, 'served' from served where offered_at >= ?1 and offered_at < ?2"   \
  " union all select call, 'lost' from lost where offered_at >= ?1 and offered_at < ?2"       \
  " union all select call, 'in progress' from in_progress where offered_at >= ?1 and offered_at < ?2"

class Ledger {
 public:
  Ledger(Database& database, Instant from, Instant to) : database_(database), from_(from), to_(to) {}

  // Runs `sql` over the interval and `row` for each row; after the first failure nothing runs any more.
  template <class Row>
  void each(std::string_view sql, Row row) {
    if (!status_) return;
    auto statement = Statement::prepare(database_, sql);
    if (!statement) {
      status_ = std::unexpected(statement.error());
      return;
    }
    statement->bind(from_, to_);
    while (statement->next()) row(*statement);
    if (statement->failed()) status_ = database_.error(sql);
  }
  std::int64_t count(std::string_view sql) {
    std::int64_t n = 0;
    each(sql, [&](const Statement& row) { n = row.integer(0); });
    return n;
  }
  Status status() const { return status_; }

 private:
  Database& database_;
  Instant from_, to_;
  Status status_;
};

void why(Books& books, std::string text) {
  if (books.why.size() < kWhyMax) books.why.push_back(std::move(text));
  else if (books.why.size() == kWhyMax) books.why.push_back("… and more");
}

void count_terms(Ledger& ledger, Books& out) {
  out.offered = ledger.count("select count(*) from offered where offered_at >= ?1 and offered_at < ?2");
  out.answered = ledger.count("select count(*) from answered where offered_at >= ?1 and offered_at < ?2");
  out.served = ledger.count("select count(*) from served where offered_at >= ?1 and offered_at < ?2");
  ledger.each("select stage, count(*), sum(callback) from lost where offered_at >= ?1 and offered_at < ?2 group by stage", [&](const Statement& row) {
    out.lost[row.text(0)] = row.integer(1);
    out.lost_total += row.integer(1);
    out.callbacks_promised += row.integer(2);
  });
  out.callbacks_promised += ledger.count("select count(*) from offered o join call_data d on d.call = o.call where d.key = 'callback' and o.offered_at >= ?1 and o.offered_at < ?2");
  out.in_progress = ledger.count("select count(*) from in_progress where offered_at >= ?1 and offered_at < ?2");
}

void check_each_call(Ledger& ledger, Books& out) {
  ledger.each("select call, group_concat(place, ' and ') from (" SR_STANDINGS ") group by call having count(*) > 1 order by call",
              [&](const Statement& row) { why(out, "call " + row.text(0) + " is booked twice: " + row.text(1)); });
  ledger.each("select call from offered where offered_at >= ?1 and offered_at < ?2 and call not in (select call from (" SR_STANDINGS ")) order by call",
              [&](const Statement& row) { why(out, "call " + row.text(0) + " was offered and is in no outcome"); });
  ledger.each("select call, place from (" SR_STANDINGS ") where call not in (select call from offered where offered_at >= ?1 and offered_at < ?2) order by call",
              [&](const Statement& row) { why(out, "call " + row.text(0) + " is " + row.text(1) + " but was never offered"); });
  ledger.each("select p.call from in_progress p join call c on c.call = p.call where p.offered_at >= ?1 and p.offered_at < ?2 and c.ended_at is not null order by p.call",
              [&](const Statement& row) { why(out, "call " + row.text(0) + " has ended without an outcome"); });
}

void count_outgoing(Ledger& ledger, Books& out) {
  OutgoingBooks& o = out.outgoing;
  o.attempts = ledger.count("select count(*) from outgoing where begun_at >= ?1 and begun_at < ?2 and originated_at is not null");
  ledger.each("select outcome, originated_at is not null, count(*) from outgoing where begun_at >= ?1 and begun_at < ?2 group by 1, 2", [&](const Statement& row) {
    const std::string outcome = row.text(0);
    const bool dialled = row.integer(1) != 0;
    const std::int64_t n = row.integer(2);
    if (!dialled) o.not_dialled += n;
    else if (outcome == "answered") o.answered += n;
    else if (outcome == "failed") o.failed += n;
    else if (outcome == "not_answered") o.not_answered += n;
    else if (outcome == "in_progress") o.in_progress += n;
  });
  ledger.each("select o.call from outgoing o join call c on c.call = o.call where o.begun_at >= ?1 and o.begun_at < ?2 and o.outcome = 'in_progress' and c.ended_at is not null",
              [&](const Statement& row) { why(out, "outgoing call " + row.text(0) + " has ended without an outcome"); });
}

// A lost call stands in exactly one task when he has a number and is somebody to call back (loss/callbacks.h).
void count_callbacks(Ledger& ledger, Books& out) {
  CallbackBooks& c = out.callbacks;
  ledger.each("select count(*), sum(b.closed_at is null), sum(b.closed_by <> 0) from callback b join offered o on o.call = b.callback where o.offered_at >= ?1 and o.offered_at < ?2",
              [&](const Statement& row) { c.opened = row.integer(0), c.open = row.integer(1), c.got_through = row.integer(2); });
  c.closed = c.opened - c.open - c.got_through;
  c.calls = ledger.count("select count(*) from lost l join callback_call b on b.call = l.call where l.offered_at >= ?1 and l.offered_at < ?2");
  ledger.each("select sum(not calling glob '*[0-9]*'), sum(calling glob '*[0-9]*' and call not in (select call from callback_call)) from lost "
              "where offered_at >= ?1 and offered_at < ?2 and stage not in ('rejected', 'blacklist', 'number_incomplete')",
              [&](const Statement& row) { c.withheld = row.integer(0), c.in_no_list = row.integer(1); });
}

void count_busy(Ledger& ledger, Books& out) {
  ledger.each("select span, sum(min(since + lasted, ?2) - max(since, ?1)) from trunk_busy where span <> '' and since < ?2 and since + lasted > ?1 group by span",
              [&](const Statement& row) { out.trunks_busy_s[row.text(0)] = static_cast<double>(row.integer(1)) / 1e6; });
}

void count_groups(Ledger& ledger, Books& out) {
  ledger.each("select trunk_group, sum(min(since + lasted, ?2) - max(since, ?1)), max(channels) from trunk_busy where trunk_group <> '' and since < ?2 and since + lasted > ?1 group by trunk_group",
              [&](const Statement& row) { out.groups_full[row.text(0)] = {static_cast<double>(row.integer(1)) / 1e6, row.integer(2)}; });
  if (out.groups_full.empty()) return;
  ledger.each("select o.trunk_group, sum(min(e, ?2) - max(o.offered_at, ?1)), max(min(o.offered_at), ?1), min(max(e), ?2) from (select *, coalesce((select ended_at from call c where c.call = offered.call), offered_at) e "
              "from offered) o where o.offered_at < ?2 and e > ?1 group by o.trunk_group",
              [&](const Statement& row) {
                const auto group = out.groups_full.find(row.text(0));
                const double length = static_cast<double>(row.integer(3) - row.integer(2));
                if (group == out.groups_full.end() || length <= 0) return;
                group->second.carried_erlangs = static_cast<double>(row.integer(1)) / length;
                group->second.interval_s = length / 1e6;
              });
}

void balance(Books& out) {
  const std::int64_t sum = out.answered + out.served + out.lost_total + out.in_progress;
  if (sum != out.offered)
    why(out, "offered " + std::to_string(out.offered) + ", but answered " + std::to_string(out.answered) + " + served " + std::to_string(out.served) + " + lost " +
                 std::to_string(out.lost_total) + " + in progress " + std::to_string(out.in_progress) + " = " + std::to_string(sum));
  const OutgoingBooks& o = out.outgoing;
  const std::int64_t dialled = o.answered + o.failed + o.not_answered + o.in_progress;
  if (dialled != o.attempts) why(out, "outgoing: dialled " + std::to_string(o.attempts) + ", but " + std::to_string(dialled) + " have an outcome or are in progress");
  out.balanced = out.why.empty();
}

}  // namespace

Result<Books> read_books(Database& database, Instant from, Instant to) {
  Books out;
  Ledger ledger(database, from, to);
  if (auto ok = database.exec("begin"); !ok) return std::unexpected(ok.error());  // one state for all terms, while ctid writes on
  count_terms(ledger, out);
  check_each_call(ledger, out);
  count_outgoing(ledger, out);
  count_callbacks(ledger, out);
  count_busy(ledger, out);
  count_groups(ledger, out);
  if (auto ok = database.exec("commit"); !ok) return std::unexpected(ok.error());
  if (!ledger.status()) return std::unexpected(ledger.status().error());
  balance(out);
  return out;
}

Result<Books> read_books(const std::string& path, Instant from, Instant to) {
  auto database = Database::open(path, true);
  if (!database) return std::unexpected(database.error());
  if (auto ok = check_schema(*database); !ok) {
    ok.error().where = path;
    return std::unexpected(ok.error());
  }
  return read_books(*database, from, to);
}

std::string to_json(const Books& books) { return json::to_string(books); }

}  // namespace sr::store
