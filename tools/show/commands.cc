// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/commands.h"

#include <fmt/format.h>

#include "tools/show/show.h"

namespace sr::show {

std::vector<std::string> boardd_command(const Options& o, const RunDir& dir) {
  return {o.bin_dir + "/boardd", "--profile", o.profile, "--run-dir", dir.path()};
}

std::vector<std::string> ctid_command(const Options& o, const RunDir& dir) {
  return {o.bin_dir + "/ctid", "--config", o.config, "--run-dir", dir.path()};
}

std::vector<std::string> callgen_command(const Options& o, const RunDir& dir) {
  std::vector<std::string> out = {o.bin_dir + "/callgen", "--profile", o.exchange_profile, "--run-dir", dir.path(), "--scenario", o.scenario,
                                  "--seconds", fmt::format("{}", o.seconds), "--seed", std::to_string(o.seed),
                                  "--exchange-log", dir.file("exchange.jsonl"), "--agents-log", dir.file("agents.jsonl"),
                                  "--progress", dir.file("progress.json"), "--progress-every", "0.25"};
  const auto add = [&](const char* name, std::string value) { out.insert(out.end(), {name, std::move(value)}); };
  if (o.calls > 0) add("--calls", std::to_string(o.calls));
  if (o.agents >= 0) add("--agents", std::to_string(o.agents));
  if (o.rate > 0) add("--rate", fmt::format("{}", o.rate));
  for (const std::string& s : o.set) add("--set", s);
  return out;
}

}  // namespace sr::show
