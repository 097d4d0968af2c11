// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/simulation.h"

#include <fmt/format.h>

#include <cmath>
#include <queue>

#include "cti-core/acd/agent_table.h"
#include "cti-core/acd/chance.h"
#include "cti-core/acd/router.h"
#include "cti-core/acd/waiting.h"

namespace sr::acd {
namespace {

constexpr QueueNo kQueue{0};
constexpr std::uint64_t kEventsBetweenProgress = 1 << 14;
constexpr Instant kBegin{Duration{1'767'225'600'000'000}};  // 2026-01-01T00:00:00Z; the zero Instant means "never" elsewhere

constexpr auto seconds = simulated_seconds;
using Purpose = Chance::Purpose;

struct Event {
  enum class Kind : std::uint32_t { arrival, handled, patience_over };
  Instant when{};
  std::uint64_t order = 0;  // of two at the same microsecond the one that was planned first
  Kind kind{};
  AgentNo agent = AgentNo::none;
  CallId call{};
  bool operator>(const Event& o) const { return when != o.when ? when > o.when : order > o.order; }
};

class Simulation {
 public:
  explicit Simulation(const SimulationConfig& config)
      : config_(config), chance_(config.seed), counted_from_(kBegin + seconds(config.warmup_hours * 3600)),
        end_(counted_from_ + seconds(config.hours * 3600)), measurement_(counted_from_, end_, config.agents, seconds(config.threshold_s)) {
    for (std::size_t i = 0; i < config.agents; ++i) staff(std::to_string(i + 1));
    plan_arrival();
  }

  Result<SimulationResult> run(const SimulationProgress& progress) {
    for (std::uint64_t n = 1; !events_.empty(); ++n) {
      const Event event = events_.top();
      events_.pop();
      measurement_.time_passed(now_, event.when, busy_, waiting_.total());
      now_ = event.when;
      take(event);
      if (waiting_.total() > kSimulatedWaitingMax)
        return fail(fmt::format("more than {} callers wait after {:.1f} hours", kSimulatedWaitingMax, to_seconds(now_ - kBegin) / 3600), {},
                    "more agents, fewer hours, or a patience");
      if (progress && n % kEventsBetweenProgress == 0 && !progress(std::min(1.0, to_seconds(now_ - kBegin) / to_seconds(end_ - kBegin))))
        return fail("interrupted");
    }
    measurement_.time_passed(now_, end_, busy_, waiting_.total());
    return SimulationResult{measurement_.total(), measurement_.service(), measurement_.half_width(), calls_};
  }

 private:
  void staff(const std::string& id) {
    agents_.phone_idle(id, true, now_);
    Agent& agent = agents_.at(agents_.add({.id = id, .queues = {kQueue}}));
    tell(agent, AgentEvent::login, CallId::none, id);
    tell(agent, AgentEvent::ready);
  }
  void tell(Agent& agent, AgentEvent event, CallId call = CallId::none, std::string_view text = {}) {
    SR_ENSURE(agents_.apply(agent, event, now_, text, call).ok);
  }
  void plan(Event event, Duration after) {
    event.when = now_ + after;
    event.order = ++planned_;
    events_.push(event);
  }
  void plan_arrival() {
    const Duration after = chance_.exponential(Purpose::arrival, calls_ + 1, 3600 / config_.calls_per_hour);
    if (now_ + after < end_) plan({.kind = Event::Kind::arrival, .call = CallId{++calls_}}, after);
  }

  void take(const Event& event) {
    switch (event.kind) {
      case Event::Kind::arrival: arrive(event.call); break;
      case Event::Kind::handled: free_again(agents_.at(event.agent)); break;
      case Event::Kind::patience_over: give_up(event.call); break;
    }
    SR_ENSURE(waiting_.total() == 0 || agents_.idle().size() == 0);
  }

  void arrive(CallId call) {
    plan_arrival();
    measurement_.arrived(now_);
    const bool no_room = config_.waiting_max && waiting_.total() >= *config_.waiting_max && agents_.idle().size() == 0;
    if (no_room) return measurement_.refused(now_);
    waiting_.add(kQueue, {.call = call, .since = now_});
    distribute();
    if (!waiting_.find(call)) return;
    measurement_.made_to_wait(now_);
    if (config_.patience_s == kForever) return;
    plan({.kind = Event::Kind::patience_over, .call = call}, chance_.exponential(Purpose::patience, to_number(call), config_.patience_s));
  }

  void free_again(Agent& agent) {
    tell(agent, AgentEvent::call_ended);
    tell(agent, AgentEvent::wrap_up_over);
    --busy_;
    distribute();
  }

  void give_up(CallId call) {
    const auto* place = waiting_.find(call);
    if (!place) return;  // answered before
    measurement_.gave_up(place->waiter.since, now_ - place->waiter.since);
    waiting_.remove(call);
  }

  void distribute() {
    for (auto pairs = match(waiting_, agents_.idle(), now_); !pairs.empty(); pairs = match(waiting_, agents_.idle(), now_))
      for (const Pair& pair : pairs) connect(pair);
  }

  void connect(const Pair& pair) {
    Agent& agent = agents_.at(pair.agent);
    tell(agent, AgentEvent::reserve, pair.call);
    tell(agent, AgentEvent::answered, pair.call);
    SR_ENSURE(waiting_.remove(pair.call));
    ++busy_;
    measurement_.answered(now_ - pair.waited, pair.waited);
    plan({.kind = Event::Kind::handled, .agent = pair.agent, .call = pair.call}, chance_.exponential(Purpose::handling, to_number(pair.call), config_.handling_s));
  }

  const SimulationConfig& config_;
  Chance chance_;
  Instant now_ = kBegin, counted_from_, end_;
  Waiting waiting_{1};
  AgentTable agents_{1};
  Measurement measurement_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t planned_ = 0, calls_ = 0;
  std::size_t busy_ = 0;
};

}  // namespace

Status check(const SimulationConfig& c) {
  const auto between = [](double value, double least, double most) { return value >= least && value <= most; };  // NaN is not
  if (!between(c.calls_per_hour, 1e-3, 1e8)) return fail("calls per hour must be from 0.001 to 100,000,000", {}, "--calls-per-hour 600");
  if (!between(c.handling_s, 1e-3, kSimulatedSecondsMax)) return fail("the handling time must be from 0.001 to 1,000,000 seconds", {}, "--aht 180");
  if (c.agents < 1 || c.agents > kSimulatedAgentsMax) return fail(fmt::format("agents must be from 1 to {}", kSimulatedAgentsMax), {}, "--agents 12");
  if (c.patience_s != kForever && !between(c.patience_s, 1e-3, kSimulatedSecondsMax))
    return fail("patience must be from 0.001 to 1,000,000 seconds, or none", {}, "--patience 90");
  if (!between(c.threshold_s, 0, kSimulatedSecondsMax)) return fail("the threshold must be from 0 to 1,000,000 seconds", {}, "--threshold 20");
  if (!between(c.hours, 1e-3, 1e6)) return fail("hours must be from 0.001 to 1,000,000", {}, "--hours 24");
  if (!between(c.warmup_hours, 0, 1e6)) return fail("the hours of warm-up must be from 0 to 1,000,000", {}, "--warmup 1");
  const double calls = c.calls_per_hour * (c.hours + c.warmup_hours);
  if (calls > kSimulatedCallsMax) return fail(fmt::format("that would be {:.0f} calls; at most {:.0f} are simulated", calls, kSimulatedCallsMax), {}, "fewer hours");
  return {};
}

Result<SimulationResult> simulate(const SimulationConfig& config, const SimulationProgress& progress) { return Simulation(config).run(progress); }

std::optional<Service> theory_of(const SimulationConfig& config) {
  if (!config.waiting_max) return service_of_group(config.load(), config.agents, config.threshold_s);
  if (*config.waiting_max == 0) return service_without_queue(config.load(), config.agents);
  return std::nullopt;
}

}  // namespace sr::acd
