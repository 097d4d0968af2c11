// `ctictl simulate` and `ctictl plan`: how much staff a load needs, without a ctid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>

#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/planning_views.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/verbs.h"

namespace sr::ctictl {
namespace {

constexpr double kLongRunCalls = 500'000;  // then a terminal is told how far it is

volatile std::sig_atomic_t interrupted = 0;  // a signal handler has no other place

int complain(const Error& error, int code) {
  fmt::print(stderr, "ctictl: {}\n", error.text());
  return code;
}

// A number, or `otherwise` for "none".
template <class T>
Result<T> number_or_none(const std::string& text, const char* option, T otherwise) {
  if (text == "none") return otherwise;
  T value{};
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc{} || end != text.data() + text.size()) return fail(fmt::format("{} {} is not a number", option, text), {}, "a number, or none");
  return value;
}

Result<acd::SimulationConfig> config_of(const Workload& workload, const Course& course) {
  constexpr std::size_t kNoLimit = SIZE_MAX;
  const auto patience = number_or_none<double>(workload.patience, "--patience", acd::kForever);
  if (!patience) return std::unexpected(patience.error());
  const auto waiting = number_or_none<std::size_t>(course.waiting_max, "--max-waiting", kNoLimit);
  if (!waiting) return std::unexpected(waiting.error());
  if (workload.patience != "none" && *patience == acd::kForever) return fail("--patience must have an end", {}, "a number of seconds, or none");
  acd::SimulationConfig config{.calls_per_hour = workload.calls_per_hour, .handling_s = workload.handling_s, .agents = course.agents, .patience_s = *patience,
                               .threshold_s = workload.threshold_s, .hours = course.hours, .warmup_hours = course.warmup_hours, .seed = course.seed};
  if (*waiting != kNoLimit) config.waiting_max = *waiting;
  if (auto good = acd::check(config); !good) return std::unexpected(good.error());
  return config;
}

}  // namespace

int simulate(const Workload& workload, const Course& course, bool as_json) {
  const auto config = config_of(workload, course);
  if (!config) return complain(config.error(), kUsage);
  struct sigaction on {};
  on.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &on, nullptr);
  ::sigaction(SIGTERM, &on, nullptr);
  const bool tells = ::isatty(STDERR_FILENO) && config->calls_per_hour * (config->hours + config->warmup_hours) > kLongRunCalls;
  int told = -1;
  const auto result = acd::simulate(*config, [&](double done) {
    if (const int percent = static_cast<int>(done * 100); tells && percent != told) fmt::print(stderr, "\rsimulated {:3} %", told = percent);
    return !interrupted;
  });
  if (tells) fmt::print(stderr, "\r\x1b[K");
  if (!result) return complain(result.error(), interrupted ? kInterrupted : kRefused);
  std::fputs((as_json ? simulation_json(*config, *result) : simulation_page(*config, *result, stdout_is_terminal())).c_str(), stdout);
  return kOk;
}

int plan(const Workload& workload, double service_level, std::size_t trunks, bool as_json) {
  const auto config = config_of(workload, {.agents = 1, .hours = 0.001, .warmup_hours = 0});
  if (!config) return complain(config.error(), kUsage);
  if (!(service_level > 0 && service_level < 1)) return complain({"--service-level must lie between 0 and 1", {}, "0.8 for 80 %"}, kUsage);
  const acd::Load load = config->load();
  const std::size_t agents = acd::agents_needed(load, service_level, config->threshold_s, acd::kSimulatedAgentsMax);
  if (!agents) return complain({fmt::format("not even {} agents are enough for {:.0f} erlangs", acd::kSimulatedAgentsMax, load.erlangs()), {}, {}}, kRefused);
  const StaffPlan made{load, service_level, config->threshold_s, agents, trunks};
  std::fputs((as_json ? plan_json(made) : plan_page(made, stdout_is_terminal())).c_str(), stdout);
  return kOk;
}

}  // namespace sr::ctictl
