// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

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

constexpr std::array<std::pair<const char*, const char*>, 5> kAgentStates = {{{"agentBusy", "busy"}, {"agentReady", "ready"},
    {"agentWorkingAfterCall", "wrap-up"}, {"agentNotReady", "not ready"}, {"agentNull", "logged off"}}};

std::string agents_in_words(const CenterView& c) {
  std::string out;
  for (const auto& [state, word] : kAgentStates)
    if (const auto it = c.agents.find(state); it != c.agents.end() && it->second > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", it->second, word);
  return out.empty() ? "none logged in" : out;
}

std::string clock(const View& v) {
  return v.seconds > 0 ? fmt::format("{:.0f} of {:.0f} s", std::min(v.exchange.elapsed_s, v.seconds), v.seconds) : fmt::format("{:.0f} s", v.exchange.elapsed_s);
}

// Where the run is: of the seconds while callers come, then who is left.
std::string where(const View& v) {
  const auto& x = v.exchange;
  if (x.phase == "draining") return fmt::format("draining, {} callers left", x.callers_up);
  if (x.phase == "hanging_up") return fmt::format("hanging up, {} callers left", x.callers_up);
  if (x.phase == "going_home") return "the agents go home";
  if (x.phase == "done") return "closing the books";
  return clock(v);
}

bool begins(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }  // a code point

constexpr const char *kBold = "1", *kDim = "2", *kRed = "31", *kGreen = "32", *kYellow = "33", *kCyan = "36";
constexpr int kLabel = 10, kValue = 8, kGap = 3;   // "waiting         24   ██████"
constexpr int kTitleFrom = 72;                      // columns for the whole title
constexpr int kRest = kLabel + kValue + kGap;      // where a line's third column begins
constexpr int kBarMax = 30, kWaitingFull = 60;     // callers that fill the bar of the waiting

// Lines of "label  value  rest", every one shorter than the terminal.
class Page {
 public:
  Page(int columns, bool colour) : width_(static_cast<std::size_t>(std::max(columns - 1, kRest))), colour_(colour) {}

  std::string paint(const char* how, const std::string& text) const { return colour_ && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", how, text) : text; }
  int rest() const { return static_cast<int>(width_) - kRest; }
  void line(const std::string& text) { lines_.push_back(cut(text)); }
  void row(const char* label, const std::string& value, const char* how, const std::string& rest) {
    line(fmt::format("{:<{}}{}{:{}}{}", label, kLabel, paint(how, fmt::format("{:>{}}", value, kValue)), "", kGap, rest));
  }
  // Terms that do not fit go on below each other.
  void row(const char* label, const std::string& value, const char* how, const std::vector<std::string>& terms) {
    std::string now;
    std::vector<std::string> rows;
    for (const auto& term : terms) {
      if (!now.empty() && std::cmp_greater(now.size() + 3 + term.size(), rest())) {
        rows.push_back(now);
        now.clear();
      }
      now += (now.empty() ? "" : "   ") + term;
    }
    rows.push_back(now);
    row(label, value, how, rows.front());
    for (std::size_t i = 1; i < rows.size(); ++i) line(std::string(kRest, ' ') + rows[i]);
  }
  void full_bar(const char* label, const std::string& value, int used, int all, const char* how, const std::string& after) {
    const int width = std::clamp(rest() - 8, 5, kBarMax);
    const std::string whole = bar(used, all, width);
    const std::size_t empty = std::min(whole.find("░"), whole.size());
    row(label, value, how, paint(how, whole.substr(0, empty)) + paint(kDim, whole.substr(empty)) + after);
  }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::string cut(const std::string& text) const {
    std::string out;
    std::size_t n = 0;
    bool escape = false, painted = false;
    for (const char c : text) {
      if (c == '\x1b') escape = painted = true;
      if (!escape && begins(c) && ++n > width_) return painted ? out + "\x1b[0m" : out;
      out += c;
      if (escape && c == 'm') escape = false;
    }
    return out;
  }
  std::size_t width_;
  bool colour_;
  std::vector<std::string> lines_;
};

std::vector<std::string> by_number(const std::map<std::string, std::int64_t>& terms) {  // the largest first
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const auto& [name, n] : terms)
    if (n > 0) order.emplace_back(-n, name);
  std::ranges::sort(order);
  std::vector<std::string> out;
  for (const auto& [n, name] : order) out.push_back(fmt::format("{} {}", name, -n));
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

std::vector<std::string> picture(const View& v, int columns, bool colour) {
  const auto& x = v.exchange;
  const auto& c = v.center;
  Page page(columns, colour);
  page.line(page.paint(kBold, columns < kTitleFrom ? "Switchroom" : "Switchroom – TV-shopping show") + fmt::format("   {}   {}", clock(v), x.phase == "calling" || x.phase == "waiting" ? x.phase : where(v)));
  page.row("arrivals", std::to_string(x.attempts), kBold,
           fmt::format("{:4.1f}/s  ", v.arrivals.empty() ? 0.0 : v.arrivals.back()) + page.paint(kCyan, curve(v.arrivals, std::max(5, page.rest() - 8))));
  for (const SpanUse& s : x.spans) {
    const bool full = s.channels > 0 && s.in_use >= s.channels;
    page.full_bar(s.span.c_str(), fmt::format("{}/{}", s.in_use, s.channels), s.in_use, s.channels, !s.up || full ? kRed : kGreen, !s.up ? page.paint(kRed, "  DOWN") : full ? "  full" : "");
  }
  page.row("refused", std::to_string(x.refused), x.refused > 0 ? kRed : kBold, std::string("no free channel"));
  page.full_bar("waiting", std::to_string(c.waiting), static_cast<int>(std::min<std::int64_t>(c.waiting, kWaitingFull)), kWaitingFull, kYellow, "");
  std::int64_t logged_on = 0;
  std::vector<std::string> agents;
  for (const auto& [state, word] : kAgentStates) {
    const auto it = c.agents.find(state);
    const std::int64_t n = it == c.agents.end() ? 0 : it->second;
    if (std::string_view(state) != "agentNull") logged_on += n;
    else if (n == 0) continue;
    agents.push_back(fmt::format("{} {:<2}", word, n));
  }
  page.row("agents", std::to_string(logged_on), kBold, agents);
  page.row("offered", std::to_string(c.offered), kBold,
           std::vector<std::string>{fmt::format("answered {}", c.answered), fmt::format("served {}", c.served), fmt::format("lost {}", sum(c.lost)),
                                    fmt::format("in progress {}", c.in_progress)});
  page.row("lost", std::to_string(sum(c.lost)), sum(c.lost) > 0 ? kRed : kBold, by_number(c.lost));
  page.row("outgoing", std::to_string(x.outgoing), kBold, std::string("dialled by agents"));
  if (!c.up && x.attempts > 0) page.line(page.paint(kRed, "ctid is not there"));
  if (!v.notice.empty()) page.line(page.paint(kYellow, "! " + v.notice));
  return page.take();
}

std::string progress_line(const View& v) {
  const auto& x = v.exchange;
  const auto& c = v.center;
  std::string trunks;
  for (const SpanUse& s : x.spans) trunks += fmt::format(" {} {}/{}", s.span, s.in_use, s.channels);
  return fmt::format("{}: {} attempts, {} refused; offered {}, answered {}, served {}, lost {} ({}), waiting {}; trunks{}; agents {}", where(v), x.attempts, x.refused, c.offered,
                     c.answered, c.served, sum(c.lost), list(c.lost, "–"), c.waiting, trunks, agents_in_words(c));
}

}  // namespace sr::show
