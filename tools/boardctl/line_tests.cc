// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/line_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "drivers/base/json.h"

namespace sr::boardctl {
namespace {

constexpr double kBarFrom = -60, kBarTo = 3;
constexpr std::size_t kBarWidth = 21;  // 3 dB each

std::string bar(double dbm0) {
  const double share = std::clamp((dbm0 - kBarFrom) / (kBarTo - kBarFrom), 0.0, 1.0);
  std::string out(kBarWidth, '.');
  std::fill_n(out.begin(), std::lround(share * static_cast<double>(kBarWidth)), '#');
  return out;
}

board::BertChannel sum_of(const board::BertReport& report) {
  board::BertChannel all;
  for (const auto& c : report.channels) {
    all.bits += c.bits;
    all.errors += c.errors;
    all.losses += c.losses;
  }
  return all;
}

double rate_of(const board::BertChannel& c) { return c.bits == 0 ? 1 : static_cast<double>(c.errors) / static_cast<double>(c.bits); }

bool good(const board::BertChannel& c, double rate_max) { return c.bits > 0 && c.losses == 0 && rate_of(c) <= rate_max; }

std::string rate_text(const board::BertChannel& c) {
  return c.errors == 0 ? fmt::format("no error in {} bits, rate below {:.1e}", c.bits, 1.0 / static_cast<double>(c.bits))
                       : fmt::format("{} errors in {} bits, rate {:.1e}", c.errors, c.bits, rate_of(c));
}

std::string channel_text(const board::BertChannel& c) {
  if (c.bits == 0) return "the sequence does not come back";
  return rate_text(c) + (c.losses == 0 ? "" : fmt::format(", lost {} {}", c.losses, c.losses == 1 ? "time" : "times"));
}

struct BertResult {
  std::string span;
  bool passed = false;
  std::uint64_t bits = 0, errors = 0, losses = 0;
  std::vector<board::BertChannel> channels;
};
BOOST_DESCRIBE_STRUCT(BertResult, (), (span, passed, bits, errors, losses, channels))

}  // namespace

std::optional<LineName> line_named(const std::string& text) {
  const auto slash = text.rfind('/');
  if (slash == std::string::npos) return text.empty() ? std::nullopt : std::optional(LineName{text, 0});
  LineName out{text.substr(0, slash), 0};
  const char *from = text.data() + slash + 1, *end = text.data() + text.size();
  const auto [p, ec] = std::from_chars(from, end, out.channel);
  if (ec != std::errc() || p != end || out.span.empty() || out.channel < 1) return {};
  return out;
}

std::string level_line(const board::LevelReport& r) {
  const auto side = [](const char* what, double dbm0) { return fmt::format("{} {:6.1f} dBm0 {}", what, dbm0, bar(dbm0)); };
  return fmt::format("{}/{}  {}  {}", r.span, r.channel, side("heard", r.heard_dbm0), side("sent", r.sent_dbm0));
}

BertVerdict bert_verdict(const board::BertReport& report, double rate_max) {
  BertVerdict out{!report.channels.empty() && std::ranges::all_of(report.channels, [&](const auto& c) { return good(c, rate_max); }), {}};
  for (const auto& c : report.channels)
    out.text += fmt::format("{}/{}: {}, {}\n", report.span, c.channel, good(c, rate_max) ? "passed" : "FAILED", channel_text(c));
  if (report.channels.size() > 1) {
    const auto failed = std::ranges::count_if(report.channels, [&](const auto& c) { return !good(c, rate_max); });
    out.text += fmt::format("{}: {}, {} of {} channels, {}\n", report.span, out.passed ? "passed" : "FAILED", report.channels.size() - static_cast<std::size_t>(failed),
                            report.channels.size(), channel_text(sum_of(report)));
  }
  if (std::ranges::any_of(report.channels, [](const auto& c) { return c.bits == 0; }))
    out.text += "nothing comes back: loop the far end (a loop plug, the carrier's loop, boardctl loopback there), or test the other end too\n";
  return out;
}

std::string bert_progress(const board::BertReport& report, int second, int seconds) {
  const auto all = sum_of(report);
  return fmt::format("{} of {} s  {}", second, seconds, all.bits == 0 ? "waiting for the sequence" : rate_text(all));
}

std::string bert_json(const board::BertReport& report, bool passed) {
  const auto all = sum_of(report);
  std::string out;
  json::write(out, BertResult{report.span, passed, all.bits, all.errors, all.losses, report.channels});
  return out + "\n";
}

}  // namespace sr::boardctl
