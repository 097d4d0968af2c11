// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/queue_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "cti-core/acd/agent_table.h"
#include "cti-core/acd/chance.h"
#include "cti-core/acd/expected_wait.h"
#include "cti-core/acd/membership.h"
#include "cti-core/acd/overflow.h"
#include "cti-core/acd/router.h"

namespace sr::acd {
namespace {

using Purpose = Chance::Purpose;
constexpr Instant kBegin{Duration{1'767'225'600'000'000}};  // 2026-01-01T00:00:00Z; the zero Instant means "never" elsewhere
constexpr std::uint64_t kStreamsApart = 1'000'000'007;      // between the numbers of the callers of two streams

std::vector<Strategy> strategies_of(const CenterConfig& center) {
  std::vector<Strategy> all;
  for (const auto& queue : center.queues) all.push_back(queue.strategy);
  return all;
}

// When the callers of one curve come: the curve is walked until as many calls have been expected as chance says.
class Arrivals {
 public:
  Arrivals(const CallStream& stream, const Chance& chance, std::uint64_t first) : stream_(stream), chance_(chance), number_(first) {}
  std::optional<Duration> next() {
    double wanted = chance_.exponential(Purpose::arrival, ++number_);
    while (minute_ < stream_.per_minute.size()) {
      const double rate = stream_.per_minute[minute_], left = (1 - within_) * rate;
      if (wanted < left) {
        within_ += wanted / rate;
        return simulated_seconds((static_cast<double>(minute_) + within_) * 60);
      }
      wanted -= left;
      within_ = 0;
      ++minute_;
    }
    return std::nullopt;
  }
  std::uint64_t number() const { return number_; }

 private:
  const CallStream& stream_;
  const Chance& chance_;
  std::uint64_t number_;
  std::size_t minute_ = 0;
  double within_ = 0;  // of the minute, 0 … 1
};

struct Event {
  enum class Kind : std::uint32_t { arrival, handled, patience_over, timeout, step };
  Instant when{};
  std::uint64_t order = 0;
  Kind kind{};
  std::size_t stream = 0;
  AgentNo agent = AgentNo::none;
  CallId call{};
  bool operator>(const Event& o) const { return when != o.when ? when > o.when : order > o.order; }
};

class OneRun {
 public:
  OneRun(const QueueSimulationConfig& config, std::uint64_t seed, QueueSimulationResult& result)
      : config_(config), center_(*config.center), chance_(seed), end_(kBegin + std::chrono::minutes(config.minutes())), waiting_(center_.queues.size(), center_.priority_worth),
        agents_(strategies_of(center_)), steps_(center_.queues.size()), next_step_(center_.queues.size()), handling_(center_.queues.size()), result_(result) {
    for (const auto& queue : center_.queues)
      for (auto& steps = thresholds_.emplace_back(); const auto& step : queue.overflow) steps.push_back(step.when);
    auto serves = memberships(center_);
    for (std::size_t n = 0; n < center_.agents.size(); ++n) staff(center_.agents[n].id, std::move(serves[n]));
    for (std::size_t s = 0; s < config.streams.size(); ++s) {
      streams_.emplace_back(config.streams[s], chance_, s * kStreamsApart);
      plan_arrival(s);
    }
  }

  Status run() {
    while (!events_.empty()) {
      const Event event = events_.top();
      events_.pop();
      time_passes(event.when);
      now_ = event.when;
      take(event);
      decide();
      result_.most_waiting = std::max(result_.most_waiting, waiting_.size(config_.queue));
      if (waiting_.total() > kSimulatedWaitingMax) return fail(fmt::format("more than {} callers wait", kSimulatedWaitingMax), {}, "fewer calls, more agents, or a timeout");
    }
    return {};
  }

  Measurement::Counts counts;

 private:
  struct Caller { QueueNo queue{}; bool measured = false; };

  void staff(const std::string& id, std::vector<Serving> serves) {
    Agent& agent = agents_.at(agents_.add({.id = id, .queues = std::move(serves)}));
    agents_.phone_idle(agent.id, true, now_);
    tell(agent, AgentEvent::login, CallId::none, agent.id);
    tell(agent, AgentEvent::ready);
  }
  void tell(Agent& agent, AgentEvent event, CallId call = CallId::none, std::string_view text = {}) { SR_ENSURE(agents_.apply(agent, event, now_, text, call).ok); }
  void plan(Event event, Instant when) {
    event.when = when;
    event.order = ++planned_;
    events_.push(event);
  }
  void plan_arrival(std::size_t stream) {
    if (const auto at = streams_[stream].next()) plan({.kind = Event::Kind::arrival, .stream = stream}, kBegin + *at);
  }

  void take(const Event& event) {
    switch (event.kind) {
      case Event::Kind::arrival: return arrive(event.stream);
      case Event::Kind::handled: return handled(agents_.at(event.agent));
      case Event::Kind::patience_over: return leave(event.call, true);
      case Event::Kind::timeout: return leave(event.call, false);
      case Event::Kind::step: return;
    }
  }

  void arrive(std::size_t s) {
    const CallStream& stream = config_.streams[s];
    const CallId call{streams_[s].number() + 1};
    plan_arrival(s);
    ++result_.calls;
    const QueueConfig& queue = center_.queues[index(stream.queue)];
    const bool measured = stream.queue == config_.queue;
    if (measured) ++counts.offered;
    if (waiting_.size(stream.queue) >= queue.length_max) {
      if (measured) ++counts.refused;
      return;
    }
    callers_[call] = {stream.queue, measured};
    waiting_.add(stream.queue, {.call = call, .priority = stream.priority, .since = now_});
    decide();
    if (!waiting_.find(call)) return;
    if (measured) ++counts.waited;
    plan({.kind = Event::Kind::timeout, .call = call}, now_ + queue.timeout);
    if (config_.patience_s != kForever) plan({.kind = Event::Kind::patience_over, .call = call}, now_ + chance_.exponential(Purpose::patience, to_number(call), config_.patience_s));
  }

  void leave(CallId call, bool gave_up) {
    const auto* place = waiting_.find(call);
    if (!place) return;
    const Duration waited = now_ - place->waiter.since;
    waiting_.remove(call);
    const bool measured = callers_.at(call).measured;
    callers_.erase(call);
    if (!measured) return;
    if (!gave_up) return void(++result_.timed_out);
    ++counts.abandoned;
    if (waited <= simulated_seconds(config_.threshold_s)) ++counts.abandoned_soon;
    counts.abandoned_wait_s += to_seconds(waited);
  }

  void handled(Agent& agent) {
    handling_[index(agent.serves_for)].add(now_ - agent.busy_since);
    tell(agent, AgentEvent::call_ended);
    tell(agent, AgentEvent::wrap_up_over);
    --busy_[own(agent) ? 0 : 1];
  }

  void decide() {
    do settle_overflow();
    while (distribute());
  }
  bool distribute() {
    const auto pairs = match(waiting_, agents_.idle(), now_);
    for (const Pair& pair : pairs) connect(pair);
    return !pairs.empty();
  }
  void connect(const Pair& pair) {
    Agent& agent = agents_.at(pair.agent);
    tell(agent, AgentEvent::reserve, pair.call);
    tell(agent, AgentEvent::answered, pair.call);
    SR_ENSURE(waiting_.remove(pair.call));
    agent.serves_for = pair.queue;
    agent.busy_since = now_;
    ++busy_[own(agent) ? 0 : 1];
    plan({.kind = Event::Kind::handled, .agent = pair.agent, .call = pair.call}, now_ + chance_.exponential(Purpose::handling, to_number(pair.call), config_.handling_s));
    const bool measured = callers_.at(pair.call).measured;
    callers_.erase(pair.call);
    if (!measured) return;
    ++counts.answered;
    if (pair.waited <= simulated_seconds(config_.threshold_s)) ++counts.answered_soon;
    counts.answered_wait_s += to_seconds(pair.waited);
    counts.waits.add(pair.waited);
    if (!own(agent)) ++result_.helped;
  }

  // As Center::settle_overflow does.
  void settle_overflow() {
    for (std::size_t q = 0; q < steps_.size(); ++q) {
      const QueueNo queue{static_cast<std::uint32_t>(q)};
      if (center_.queues[q].overflow.empty()) continue;
      QueueLoad load{.waiting = waiting_.size(queue)};
      if (load.waiting > 0) {
        load.oldest = now_ - waiting_.line(queue).oldest();
        load.expected = expected_wait(load.waiting, agents_.working(queue), agents_.idle().ready(queue), handling_[q]);
      }
      const std::size_t step = overflow_step(steps_[q], thresholds_[q], load);
      const auto after = until_next_step(step, thresholds_[q], load);
      if (const Instant next = after ? now_ + *after : Instant{}; next != std::exchange(next_step_[q], next) && after) plan({.kind = Event::Kind::step}, next);
      if (step > steps_[q] && queue == config_.queue) result_.steps_begun += step - steps_[q];
      steps_[q] = step;
      agents_.overflow(queue, step);
    }
  }

  bool own(const Agent& agent) const {
    return std::ranges::any_of(agent.queues, [&](const Serving& s) { return s.queue == config_.queue && s.step == 0; });
  }
  void time_passes(Instant to) {
    if (steps_[index(config_.queue)] > 0) result_.overflow_s += to_seconds(to - now_);
    const Instant until = std::min(to, end_);
    if (until <= now_) return;
    const double seconds = to_seconds(until - now_);
    counts.time_s += seconds;
    counts.busy_s += seconds * static_cast<double>(busy_[0]);
    counts.queue_s += seconds * static_cast<double>(waiting_.size(config_.queue));
  }

  const QueueSimulationConfig& config_;
  const CenterConfig& center_;
  Chance chance_;
  Instant now_ = kBegin, end_;
  Waiting waiting_;
  AgentTable agents_;
  std::vector<std::size_t> steps_;
  std::vector<Instant> next_step_;     // when the oldest wait alone will begin the next one
  std::vector<std::vector<OverflowThresholds>> thresholds_;
  std::vector<Handling> handling_;
  std::vector<Arrivals> streams_;
  std::unordered_map<CallId, Caller> callers_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t planned_ = 0;
  std::array<std::size_t, 2> busy_{};  // its own agents, others
  QueueSimulationResult& result_;
};

}  // namespace

std::size_t QueueSimulationConfig::minutes() const {
  std::size_t longest = 0;
  for (const auto& stream : streams) longest = std::max(longest, stream.per_minute.size());
  return longest;
}

Status check(const QueueSimulationConfig& c) {
  const auto between = [](double value, double least, double most) { return value >= least && value <= most; };  // NaN is not
  if (!between(c.handling_s, 1e-3, kSimulatedSecondsMax)) return fail("the handling time must be from 0.001 to 1,000,000 seconds", {}, "--aht 180");
  if (c.patience_s != kForever && !between(c.patience_s, 1e-3, kSimulatedSecondsMax)) return fail("patience must be from 0.001 to 1,000,000 seconds, or none", {}, "--patience 90");
  if (!between(c.threshold_s, 0, kSimulatedSecondsMax)) return fail("the threshold must be from 0 to 1,000,000 seconds", {}, "--threshold 20");
  double calls = 0;
  for (const auto& stream : c.streams)
    for (const double rate : stream.per_minute) calls += rate;
  if (!(calls > 0)) return fail("the curve has no calls");
  if (calls * static_cast<double>(c.runs) > kSimulatedCallsMax)
    return fail(fmt::format("that would be {:.0f} calls; at most {:.0f} are simulated", calls * static_cast<double>(c.runs), kSimulatedCallsMax), {}, "a lower or shorter curve");
  return {};
}

Result<QueueSimulationResult> simulate(const QueueSimulationConfig& config, const SimulationProgress& progress) {
  QueueSimulationResult result;
  for (const auto& agent : memberships(*config.center))
    for (const Serving& s : agent)
      if (s.queue == config.queue) ++(s.step == 0 ? result.agents : result.helpers);
  std::vector<Service> runs;
  for (std::size_t r = 0; r < config.runs; ++r) {
    OneRun run(config, config.seed * kStreamsApart + r, result);
    if (auto ok = run.run(); !ok) return std::unexpected(ok.error());
    result.counts.add(run.counts);
    runs.push_back(Measurement::service_of(run.counts, result.agents));
    if (progress && !progress(static_cast<double>(r + 1) / static_cast<double>(config.runs))) return fail("interrupted");
  }
  result.service = Measurement::service_of(result.counts, result.agents);
  result.half_width = half_width_of(runs);
  return result;
}

}  // namespace sr::acd
