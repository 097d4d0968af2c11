// `ctictl watch`: the events as they come; on a terminal the state of the center above the latest of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <deque>

#include "drivers/base/json.h"
#include "tools/ctictl/client.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/verbs.h"
#include "tools/ctictl/views.h"

namespace sr::ctictl {
namespace {

constexpr std::chrono::milliseconds kPictureEvery{500};
constexpr std::size_t kLatestMax = 200;
constexpr std::size_t kEventsPerPictureMax = 2000;  // then it is painted, however many wait

volatile std::sig_atomic_t interrupted = 0;  // a signal handler has no other place

struct Size { std::size_t rows = 24, columns = 80; };
Size terminal_size() {
  winsize w{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_row == 0) return {};
  return {w.ws_row, w.ws_col};
}

// Cuts a painted line to `columns`, leaving its colours whole.
std::string cut(const std::string& line, std::size_t columns) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t n = 1;
    if (line[i] == '\x1b') {
      n = line.find('m', i) - i + 1;
    } else {
      const auto c = static_cast<unsigned char>(line[i]);
      n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
      width += width_of(line.substr(i, n));
      if (width > columns) return out + "\x1b[0m";
    }
    out += line.substr(i, n);
    i += n;
  }
  return out;
}

void paint_screen(const std::string& head, const std::deque<std::string>& latest) {
  const Size size = terminal_size();
  std::string out = "\x1b[H";
  std::size_t used = 0;
  const auto put = [&](const std::string& line) {
    out += cut(line, size.columns) + "\x1b[K\n";
    ++used;
  };
  for (std::size_t start = 0; start < head.size();) {
    const auto end = head.find('\n', start);
    put(head.substr(start, end - start));
    start = end + 1;
  }
  put("");
  const std::size_t room = size.rows > used + 1 ? size.rows - used - 1 : 0;
  const std::size_t skip = latest.size() > room ? latest.size() - room : 0;
  for (std::size_t i = skip; i < latest.size(); ++i) put(latest[i]);
  out += "\x1b[J";
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

// The params of a notification: of an event, or nothing. What else the server says goes to `other`.
std::string event_of(const std::string& line, std::string& other) {
  const auto v = json::parse(line);
  if (!v || !v->is_object()) return {};
  const auto* method = v->get_object().if_contains("method");
  const auto* params = v->get_object().if_contains("params");
  if (!method || !method->is_string() || !params) return {};
  if (method->get_string() == "event") return boost::json::serialize(*params);
  if (method->get_string() == "subClosed") other = line;
  return {};
}

int gone(const Error& error, bool screen) {
  if (screen) std::fputs("\x1b[?25h\n", stdout);
  fmt::print(stderr, "ctictl: {}\n", error.text());
  return kNobody;
}

}  // namespace

int watch(const std::string& socket, const std::vector<std::string>& topics, bool as_json) {
  auto client = Client::connect(socket);
  if (!client) return gone(client.error(), false);
  std::string params = "{\"topics\":";
  json::write(params, topics);
  const auto opened = client->ask("sub.open", params + "}");
  if (!opened) return gone(opened.error(), false);
  if (opened->result.empty()) return fmt::print(stderr, "ctictl: refused: {}\n", opened->error), kRefused;
  const bool screen = !as_json && ::isatty(STDOUT_FILENO);
  const bool colours = screen && stdout_is_terminal();
  struct sigaction on {};
  on.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &on, nullptr);
  ::sigaction(SIGTERM, &on, nullptr);
  if (screen) std::fputs("\x1b[?25l\x1b[2J", stdout);
  std::deque<std::string> latest;
  while (!interrupted) {
    if (screen) {
      const auto clock = client->ask("session.ping");
      const auto state = clock ? client->ask("snapshot.get") : clock;
      if (!state) return gone(state.error(), screen);
      const auto ts = json::parse(clock->result);
      const auto* now = ts && ts->is_object() ? ts->get_object().if_contains("ts") : nullptr;
      paint_screen(picture(state->result, now && now->is_string() ? parse_iso(now->get_string().c_str()) : Instant{}, colours), latest);
    }
    for (std::size_t n = 0; !interrupted && n < kEventsPerPictureMax; ++n) {
      const auto line = client->next(kPictureEvery);
      if (!line) return gone(line.error(), screen);
      if (!*line) break;
      std::string other;
      const std::string event = event_of(**line, other);
      if (!other.empty()) return gone(Error{"the subscription was closed: " + other, {}, {}}, screen);
      if (event.empty()) continue;
      if (screen) {
        latest.push_back(event_text(event, colours));
        if (latest.size() > kLatestMax) latest.pop_front();
      } else {
        fmt::print("{}\n", as_json ? event : event_text(event, false));
        std::fflush(stdout);
        if (std::ferror(stdout)) return kOk;  // the reader has seen enough
      }
    }
  }
  if (screen) std::fputs("\x1b[?25h\n", stdout);
  return kOk;
}

}  // namespace sr::ctictl
