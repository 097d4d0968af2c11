// `ctictl simulate` and `ctictl plan`: how much staff a load needs, without a ctid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>

#include "cti-core/app/config_toml.h"
#include "tools/ctictl/curve_toml.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/planning_views.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/verbs.h"

namespace sr::ctictl {
namespace {

constexpr double kLongRunCalls = 500'000;  // then a terminal is told how far it is

volatile std::sig_atomic_t interrupted = 0;  // a signal handler has no other place

void stop_on_signals() {
  struct sigaction on {};
  on.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &on, nullptr);
  ::sigaction(SIGTERM, &on, nullptr);
}

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
  stop_on_signals();
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

namespace {
Result<acd::QueueSimulationConfig> queue_config_of(const RealQueue& which, const CenterConfig& center, const Workload& workload, const Course& course) {
  const auto at = std::ranges::find(center.queues, which.queue, &QueueConfig::name);
  if (at == center.queues.end()) {
    std::vector<std::string> names;
    for (const auto& queue : center.queues) names.push_back(queue.name);
    return fail(which.queue.empty() ? "--queue is missing" : fmt::format("{} has no queue '{}'", which.config, which.queue), {}, fmt::format("--queue with one of: {}", fmt::join(names, ", ")));
  }
  if (!at->open) return fail(fmt::format("queue '{}' is closed", which.queue), {}, "open = true in the configuration");
  if (course.agents) return fail("--agents is said by the configuration", {}, "--config and --queue without --agents");
  if (!which.curve.empty() && workload.calls_per_hour > 0) return fail("the curve says how many calls there are", {}, "--curve without --calls-per-hour");
  acd::QueueSimulationConfig config{.center = &center, .queue = acd::QueueNo{static_cast<std::uint32_t>(at - center.queues.begin())}, .handling_s = workload.handling_s,
                                    .threshold_s = workload.threshold_s, .seed = course.seed};
  const auto patience = number_or_none<double>(workload.patience, "--patience", acd::kForever);
  if (!patience) return std::unexpected(patience.error());
  config.patience_s = *patience;
  if (which.curve.empty()) {
    if (!(workload.calls_per_hour > 0)) return fail("there are no calls", {}, "--curve FILE, or --calls-per-hour and --hours");
    const double minutes = course.hours * 60;
    if (!(minutes >= 1) || minutes > static_cast<double>(acd::kCurveMinutesMax)) return fail("--hours must be from a minute to a week", {}, "--hours 24");
    if (workload.calls_per_hour / 60 > acd::kPerMinuteMax) return fail("that many calls per hour are not simulated", {}, fmt::format("at most {}", acd::kPerMinuteMax * 60));
    config.streams.push_back({.queue = config.queue, .per_minute = std::vector<double>(static_cast<std::size_t>(minutes), workload.calls_per_hour / 60)});
  } else {
    auto curve = read_curve(which.curve, center, config.queue);
    if (!curve) return std::unexpected(curve.error());
    config.streams = std::move(curve->streams);
    if (!(workload.handling_s > 0)) config.handling_s = curve->handling_s.value_or(0);
    if (workload.patience == "none") config.patience_s = curve->patience_s.value_or(acd::kForever);
  }
  if (!(config.handling_s > 0)) return fail("the handling time is missing", {}, "--aht 180, or aht_s = 180 in the curve");
  if (auto good = acd::check(config); !good) return std::unexpected(good.error());
  return config;
}
}  // namespace

int simulate_queue(const RealQueue& which, const Workload& workload, const Course& course, bool as_json) {
  if (which.config.empty()) return complain({"--queue and --curve are of a configuration", {}, "--config ivr-scripts/center.toml"}, kUsage);
  const auto center = app::read_center(which.config, {});
  if (!center) return complain(center.error(), kUsage);
  const auto config = queue_config_of(which, *center, workload, course);
  if (!config) return complain(config.error(), kUsage);
  stop_on_signals();
  const auto result = acd::simulate(*config, [](double) { return !interrupted; });
  if (!result) return complain(result.error(), interrupted ? kInterrupted : kRefused);
  std::fputs((as_json ? queue_json(*config, *result) : queue_page(*config, *result, stdout_is_terminal())).c_str(), stdout);
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
