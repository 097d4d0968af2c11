// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/callgen.h"

#include <algorithm>

#include <utility>

#include "drivers/base/log.h"

namespace sr::callgen {
namespace {

constexpr std::uint64_t kArrivalStream = std::uint64_t{3} << 40;

std::map<std::string, std::string> with_defaults(const Config& config) {
  auto param = config.param;
  param.emplace("seed", std::to_string(config.seed));
  param.emplace("seconds", std::to_string(config.seconds));
  param.emplace("phones", std::to_string(config.phones.size()));
  if (config.agents >= 0) param.emplace("agents", std::to_string(config.agents));
  return param;
}

const char* name_of(Phase phase) {
  switch (phase) {
    case Phase::waiting: return "waiting";
    case Phase::calling: return "calling";
    case Phase::draining: return "draining";
    case Phase::going_home: return "going_home";
    case Phase::hanging_up: return "hanging_up";
    case Phase::done: return "done";
  }
  return "";
}

}  // namespace

Callgen::Callgen(Timers& timers, Board& board, CallSink& sink, Config config)
    : timers_(timers), config_(std::move(config)), exchange_(timers, board, sink, config_.seed),
      script_(timers, exchange_, with_defaults(config_)), random_(config_.seed, kArrivalStream) {}

Callgen::~Callgen() {
  timers_.cancel(arrival_timer_);
  timers_.cancel(step_timer_);
  for (const TimerId t : agent_timers_) timers_.cancel(t);
}

Status Callgen::load() {
  if (auto ok = script_.load(config_.scenario); !ok) return ok;
  const ScenarioSettings& s = script_.settings();
  arrivals_ = s.arrivals;
  if (config_.rate > 0) arrivals_.rate = config_.rate;
  calls_max_ = config_.calls_max > 0 ? config_.calls_max : s.calls;
  drain_s_ = config_.drain_s >= 0 ? config_.drain_s : s.drain_s;
  if (config_.agents < 0) config_.agents = s.agents;
  if (config_.agents > static_cast<int>(config_.phones.size()))
    return fail(std::to_string(config_.agents) + " agents need as many phones; the profile has " + std::to_string(config_.phones.size()), config_.scenario,
                "fewer agents, or a profile with more fxo lines");
  script_.set_group(s.group.empty() ? config_.group : s.group);
  return {};
}

void Callgen::start(bool wait_for_lines, std::function<void()> on_done) {
  on_done_ = std::move(on_done);
  exchange_.start({[this](Party& p) {
                     if (script_.has(Role::called)) script_.start(p);
                     else exchange_.finish(p);
                   },
                   [this](PartyId id, Wake w) { script_.on_wake(id, w); }});
  enter(Phase::waiting);
  if (!wait_for_lines) man_phones();
  step();
}

void Callgen::man_phones() {
  manned_ = true;
  manned_at_ = timers_.now();
  for (int i = 0; i < config_.agents; ++i) {
    const PartyId id = exchange_.add_agent(config_.phones[static_cast<std::size_t>(i)]).id;
    if (script_.has(Role::agent))
      agent_timers_.push_back(timers_.after(kAgentStagger * i, [this, id] {
        if (Party* p = exchange_.find(id)) script_.start(*p);
        exchange_.run_woken();
      }));
  }
}

void Callgen::begin() {
  enter(Phase::calling);
  begun_ = std::max(timers_.now(), manned_at_ + kAgentStagger * config_.agents);  // the first caller finds somebody at every phone
  if (script_.has(Role::caller) && arrivals_.rate > 0) arrive();
}

void Callgen::arrive() {
  next_s_ = next_arrival(arrivals_, next_s_, random_);
  const bool over = (config_.seconds > 0 && next_s_ >= config_.seconds) || (calls_max_ > 0 && made_ >= calls_max_);
  if (over) return;  // step() notices the end of the seconds
  arrival_timer_ = timers_.at(begun_ + Duration(static_cast<std::int64_t>(next_s_ * 1e6)), [this] {
    new_caller();
    arrive();
  });
}

void Callgen::new_caller() {
  ++made_;
  if (Party* p = exchange_.add_caller()) script_.start(*p);
  exchange_.run_woken();
}

void Callgen::enter(Phase phase) {
  phase_ = phase;
  entered_ = timers_.now();
  log::info("callgen: {}", name_of(phase));
}

void Callgen::stop_arrivals() {
  if (phase_ != Phase::calling && phase_ != Phase::waiting) return;
  timers_.cancel(std::exchange(arrival_timer_, TimerId::none));
  enter(Phase::draining);
}

void Callgen::hang_up() {
  if (phase_ == Phase::hanging_up || phase_ == Phase::done) return;
  timers_.cancel(std::exchange(arrival_timer_, TimerId::none));
  enter(Phase::hanging_up);
  exchange_.closing();
  exchange_.hang_up_all();
}

void Callgen::step() {
  const Duration in_phase = timers_.now() - entered_;
  switch (phase_) {
    case Phase::waiting:
      if (!manned_ && exchange_.lines_up()) man_phones();
      if (manned_ && (!may_call_ || may_call_())) begin();
      break;
    case Phase::calling: {
      const bool seconds_over = config_.seconds > 0 && timers_.now() - begun_ >= Duration(static_cast<std::int64_t>(config_.seconds * 1e6));
      const bool calls_over = calls_max_ > 0 && made_ >= calls_max_ && exchange_.callers() == 0;  // all came and went
      if (seconds_over || calls_over) stop_arrivals();
      break;
    }
    case Phase::draining:
      if (exchange_.callers() == 0) {
        enter(Phase::going_home);
        exchange_.closing();
      } else if (to_seconds(in_phase) >= drain_s_) hang_up();
      break;
    case Phase::going_home:
      if (script_.running() == 0 && exchange_.legs() == 0) enter(Phase::done);
      else if (in_phase >= kGoHomeLimit) hang_up();
      break;
    case Phase::hanging_up:
      if (exchange_.legs() == 0 || in_phase >= kHangUpLimit) enter(Phase::done);
      else exchange_.hang_up_all();  // who rang meanwhile, or picked up again
      break;
    case Phase::done: break;
  }
  if (phase_ == Phase::done) {
    exchange_.flush_open_rows();
    if (auto done = std::exchange(on_done_, {})) done();
    return;
  }
  step_timer_ = timers_.after(kPhaseStep, [this] { step(); });
}

Progress Callgen::progress() const {
  Progress out;
  out.at = timers_.now();
  out.elapsed_s = begun_ == Instant{} ? 0.0 : std::max(0.0, to_seconds(timers_.now() - begun_));
  out.phase = name_of(phase_);
  const auto slash = config_.scenario.rfind('/');
  out.scenario = slash == std::string::npos ? config_.scenario : config_.scenario.substr(slash + 1);
  out.seed = config_.seed;
  out.marks = script_.marks();
  exchange_.fill(out);
  return out;
}

}  // namespace sr::callgen
