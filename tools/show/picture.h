// The live picture: what callgen counts and what ctid's journal says, as lines of text, with colours (SGR) if wanted. A pure
// function; the terminal is show.cc's. No line is as wide as the terminal, so that none wraps.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sr::show {

struct SpanUse { std::string span; int channels = 0, in_use = 0; bool up = false; };
struct ExchangeView {  // of callgen's progress file
  std::string phase;
  double elapsed_s = 0;
  std::int64_t attempts = 0, refused = 0, delivered = 0, connected = 0, cleared = 0, callers_up = 0, outgoing = 0;
  std::vector<SpanUse> spans;
};
struct CenterView {    // of ctid
  bool up = false;
  std::int64_t offered = 0, answered = 0, served = 0, in_progress = 0, waiting = 0;  // waiting: nobody's phone rings for them
  std::map<std::string, std::int64_t> lost;
  std::map<std::string, std::int64_t> agents;  // by state
};
struct View {
  double seconds = 0;                          // of arrivals, 0: until Ctrl-C
  ExchangeView exchange;
  CenterView center;
  std::vector<double> arrivals;                // attempts per second, the last ones
  std::string notice;                          // "ctid died (signal 9); restarted"
};

std::string bar(int used, int all, int width);                 // "██████░░░░"
std::string curve(const std::vector<double>& values, int width);  // "▁▂▅█▇▃"
std::vector<std::string> picture(const View& view, int columns, bool colour);
std::string progress_line(const View& view);                   // for a log

}  // namespace sr::show
