// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/proc_span.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

namespace sr::boardctl {
namespace {

constexpr std::array<std::string_view, 6> kAlarms{"RED", "YELLOW", "BLUE", "LOOP", "RECOVERING", "NOTOPEN"};

bool is_alarm(std::string_view word) { return std::ranges::find(kAlarms, word) != kAlarms.end(); }

void read_head(const std::string& line, ProcSpan& span) {  // Span 1: TE4/0/1 "T4XXP (PCI) Card 0 Span 1" (MASTER) HDB3/CCS/CRC4 RED ClockSource
  const auto quote = line.find('"'), end = line.rfind('"');
  if (quote != std::string::npos && end > quote) span.description = line.substr(quote + 1, end - quote - 1);
  std::istringstream before(line.substr(0, quote)), after(end == std::string::npos ? "" : line.substr(end + 1));
  std::string word;
  before >> word >> word >> span.name;
  while (after >> word) {
    if (is_alarm(word)) span.alarms.push_back(word);
    else if (word.find('/') != std::string::npos || word == "AMI" || word == "B8ZS" || word == "HDB3") span.line = word;
  }
}

void read_channel(std::istringstream& fields, int number, ProcSpan& span) {  // 1 TE4/0/1/1 Clear (In use) (EC: MG2 - INACTIVE)
  ProcChannel& c = span.channels.emplace_back();
  c.number = number;
  std::string name, rest;
  fields >> name;
  std::getline(fields, rest);
  c.in_use = rest.find("(In use)") != std::string::npos;
  std::istringstream words(rest.substr(0, rest.find('(')));
  for (std::string word; words >> word;) {
    if (is_alarm(word)) c.alarmed = true;
    else if (c.signalling.empty() && word != "Reserved" && word != "Master" && word != "Unconfigured") c.signalling = word;
  }
  for (const auto alarm : kAlarms) c.alarmed = c.alarmed || rest.find(") " + std::string(alarm)) != std::string::npos;
}

}  // namespace

bool ProcSpan::configured() const {
  return std::ranges::any_of(channels, [](const ProcChannel& c) { return !c.signalling.empty(); });
}

std::optional<ProcSpan> parse_proc_span(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string line;
  if (!std::getline(in, line) || !line.starts_with("Span ")) return {};
  ProcSpan span;
  span.number = std::atoi(line.c_str() + 5);
  if (span.number < 1) return {};
  read_head(line, span);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    if (int number = 0; fields >> number) read_channel(fields, number, span);
    else if (const auto colon = line.rfind(": "); colon != std::string::npos)
      span.counts[line.substr(std::min(line.find_first_not_of(" \t"), colon), colon - std::min(line.find_first_not_of(" \t"), colon))] = std::atol(line.c_str() + colon + 2);
  }
  return span;
}

std::vector<ProcSpan> proc_spans(const Host& host) {
  std::vector<ProcSpan> out;
  for (const auto& name : Host::list(host.proc + "/dahdi"))
    if (auto span = parse_proc_span(Host::read(host.proc + "/dahdi/" + name).value_or(""))) out.push_back(std::move(*span));
  std::ranges::sort(out, {}, &ProcSpan::number);
  return out;
}

}  // namespace sr::boardctl
