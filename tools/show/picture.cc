// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace sr::show {
namespace {

constexpr std::array kSteps = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::int64_t sum(const std::map<std::string, std::int64_t>& terms) {
  std::int64_t all = 0;
  for (const auto& [name, n] : terms) all += n;
  return all;
}

std::string list(const std::map<std::string, std::int64_t>& terms, const char* empty) {
  std::string out;
  for (const auto& [name, n] : terms)
    if (n > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, n);
  return out.empty() ? empty : out;
}

std::string agents_in_words(const CenterView& c) {
  static constexpr std::array<std::pair<const char*, const char*>, 5> kStates = {{{"agentBusy", "busy"}, {"agentReady", "ready"},
      {"agentWorkingAfterCall", "wrap-up"}, {"agentNotReady", "not ready"}, {"agentNull", "logged off"}}};
  std::string out;
  for (const auto& [state, word] : kStates)
    if (const auto it = c.agents.find(state); it != c.agents.end() && it->second > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", it->second, word);
  return out.empty() ? "none logged in" : out;
}

std::string clock(const View& v) {
  return v.seconds > 0 ? fmt::format("{:.0f} of {:.0f} s", std::min(v.exchange.elapsed_s, v.seconds), v.seconds) : fmt::format("{:.0f} s", v.exchange.elapsed_s);
}

std::size_t width_of(const std::string& text) {  // code points
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string cut(const std::string& text, std::size_t columns) {
  if (width_of(text) <= columns) return text;
  std::string out;
  std::size_t n = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U && ++n > columns) break;
    out += c;
  }
  return out;
}

}  // namespace

std::string bar(int used, int all, int width) {
  const int full = all <= 0 ? 0 : std::clamp((used * width + all - 1) / all, 0, width);
  std::string out;
  for (int i = 0; i < width; ++i) out += i < full ? "█" : "░";
  return out;
}

std::string curve(const std::vector<double>& values, int width) {
  const std::size_t n = std::min(values.size(), static_cast<std::size_t>(std::max(width, 0)));
  const std::vector<double> shown(values.end() - static_cast<std::ptrdiff_t>(n), values.end());
  const double top = std::max(1.0, shown.empty() ? 0.0 : *std::ranges::max_element(shown));
  std::string out;
  for (const double v : shown) out += kSteps[static_cast<std::size_t>(std::clamp(std::lround(v / top * 7.0), 0L, 7L))];
  return out;
}

std::vector<std::string> picture(const View& v, int columns) {
  const auto& x = v.exchange;
  const auto& c = v.center;
  std::vector<std::string> out;
  out.push_back(fmt::format("Switchroom – TV-shopping show   {}   {}", clock(v), x.phase));
  out.push_back(fmt::format("arrivals   {:5}  {:4.1f}/s  {}", x.attempts, v.arrivals.empty() ? 0.0 : v.arrivals.back(), curve(v.arrivals, std::max(10, columns - 26))));
  for (const SpanUse& s : x.spans)
    out.push_back(fmt::format("{:10} {:2}/{:2}  {}{}", s.span, s.in_use, s.channels, bar(s.in_use, s.channels, 30), s.up ? "" : "  DOWN"));
  out.push_back(fmt::format("refused    {:5}  (no free channel)", x.refused));
  out.push_back(fmt::format("waiting    {:5}  {}", c.waiting, bar(static_cast<int>(c.waiting), 60, 30)));
  out.push_back(fmt::format("agents     {}", agents_in_words(c)));
  out.push_back(fmt::format("offered    {:5}  answered {}, served {}, lost {}, in progress {}", c.offered, c.answered, c.served, sum(c.lost), c.in_progress));
  out.push_back(fmt::format("lost       {:5}  {}", sum(c.lost), list(c.lost, "–")));
  out.push_back(fmt::format("outgoing   {:5}", x.outgoing));
  if (!v.notice.empty()) out.push_back("! " + v.notice);
  for (auto& line : out) line = cut(line, static_cast<std::size_t>(std::max(columns - 1, 20)));
  return out;
}

std::string progress_line(const View& v) {
  const auto& x = v.exchange;
  const auto& c = v.center;
  std::string trunks;
  for (const SpanUse& s : x.spans) trunks += fmt::format(" {} {}/{}", s.span, s.in_use, s.channels);
  return fmt::format("{}: {} attempts, {} refused; offered {}, answered {}, served {}, lost {} ({}), waiting {}; trunks{}; agents {}", clock(v), x.attempts, x.refused, c.offered,
                     c.answered, c.served, sum(c.lost), list(c.lost, "–"), c.waiting, trunks, agents_in_words(c));
}

}  // namespace sr::show
