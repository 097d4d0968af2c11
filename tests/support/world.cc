// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/world.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cti-core/ivr/business_db.h"
#include "cti-core/ivr/lua_engine.h"
#include "cti-core/ivr/sql_source.h"
#include "cti-core/store/recover.h"
#include "drivers/base/reactor.h"

namespace sr::test {
namespace {

constexpr const char* kGroup = "city";
constexpr int kStationsPerBank = 30;
const std::vector<std::string> kNumbers = {"4006001", "4006002", "4006003"};

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "world: %s\n", result.error().text().c_str());
    std::abort();
  }
  return std::move(*result);
}

std::string business_db() {  // the sample data, made once per process
  const std::string path = fmt::format("{}/world-business-{}.db", std::filesystem::temp_directory_path().string(), getpid());
  if (!std::filesystem::exists(path))
    if (auto ok = ivr::prepare_business_data(path, "ivr-scripts/data/business.sql"); !ok) must(Result<int>(std::unexpected(ok.error())));
  return path;
}
struct RemoveAtExit {
  ~RemoveAtExit() {
    std::error_code ignored;
    std::filesystem::remove(fmt::format("{}/world-business-{}.db", std::filesystem::temp_directory_path().string(), getpid()), ignored);
  }
};

CenterConfig center_config(const WorldConfig& world) {
  CenterConfig config;
  for (const auto& number : kNumbers) config.numbers.push_back({number, "kitchen", "main.lua", "orders"});
  std::vector<std::string> all;
  for (int i = 0; i < world.agents; ++i) {
    all.push_back(std::to_string(2001 + i));
    config.agents.push_back({all.back(), "agent " + all.back(), "1234", 2s});
    config.agents.back().supervisor = i >= world.agents - world.supervisors;
  }
  const auto some = [&](std::size_t n) { return std::vector<std::string>(all.begin(), all.begin() + static_cast<long>(std::min(n, all.size()))); };
  config.queues.push_back({"orders", all, world.queue_timeout, 1000, true});
  config.queues.back().strategy = world.strategy;
  config.queues.push_back({"service", some(5), world.queue_timeout, 1000, true});
  config.queues.push_back({"vip", some(3), world.queue_timeout, 1000, true});
  for (auto& queue : config.queues) queue.announce = world.announce;
  config.outgoing_group = kGroup;
  config.outgoing_calling = "4006001";
  if (world.change) world.change(config);
  return config;
}

std::unique_ptr<daemon::BoardCore> make_core(Timers& timers, media::MediaPort& media, daemon::Spool& spool, bool durable, std::vector<daemon::SpanSetup> spans) {
  daemon::BoardConfig config;
  config.epoch = static_cast<std::uint64_t>(to_us(timers.now()));
  config.durable = durable;
  return std::make_unique<daemon::BoardCore>(timers, media, spool, nullptr, config, std::move(spans));
}

}  // namespace

// One life of ctid. Its store is the World's: the Writer under it is the disk and survives.
struct World::Ctid {
  Recovered recovered;
  std::unique_ptr<app::CallCenter> center;
  ivr::FrozenTurnClock clock;
  std::unique_ptr<ivr::SqlSource> sql;
  std::unique_ptr<ivr::LuaEngine> engine;
};

World::World(WorldConfig config) : config_(std::move(config)), random_(config_.seed) {
  static RemoveAtExit remove;
  shelf_.file = center_config(config_);
  use_process_clock(&timers_);
  media::MediaConfig media_config;
  media_config.prompt_dir = "build/prompts";
  media_config.own_clock = true;
  center_media_ = media::make_inline_media(timers_, media_config);
  media_config.prompt_dir.clear();
  exchange_media_ = media::make_inline_media(timers_, media_config);
  std::vector<daemon::SpanSetup> near, far;
  for (int i = 0; i < config_.e1s; ++i) {
    wires_.push_back(make_wire(timers_, fmt::format("e1-{}", i + 1), SpanKind::e1));
    sig::PriConfig pri;
    pri.group = kGroup;
    near.push_back({wires_.back().ends.center.get(), pri});
    pri.network_side = true;
    pri.restart_at_start = false;
    far.push_back({wires_.back().ends.far.get(), pri});
  }
  for (int first = 0; first < config_.agents; first += kStationsPerBank) {
    wires_.push_back(make_wire(timers_, fmt::format("fxs-{}", first / kStationsPerBank + 1), SpanKind::fxs));
    sig::FxsConfig fxs;
    for (int i = 0; i < kStationsPerBank && first + i < config_.agents; ++i) fxs.stations.push_back({i + 1, std::to_string(1001 + first + i)});
    near.push_back({wires_.back().ends.center.get(), fxs});
    far.push_back({wires_.back().ends.far.get(), sig::FxoConfig{"phones"}});
  }
  center_spool_ = std::make_unique<daemon::MemorySpool>(timers_, center_disk_);
  exchange_spool_ = std::make_unique<daemon::MemorySpool>(timers_, exchange_disk_);
  board_ = make_core(timers_, *center_media_, *center_spool_, true, std::move(near));
  exchange_ = make_core(timers_, *exchange_media_, *exchange_spool_, false, std::move(far));
  outside_ = std::make_unique<WorldExchange>(timers_, config_.seed, config_.behaviour, kGroup, kNumbers);
  outside_->attach(*exchange_);
  writer_ = must(store::Writer::open(":memory:", 0));
  board_->start();
  exchange_->start();
  exchange_->attach(*outside_);
  start_ctid();
  run_for(3s);  // D channels come up, the stations report themselves
  for (int i = 0; i < config_.agents; ++i) center_->cti().agent_login({std::to_string(2001 + i), std::to_string(1001 + i), "1234", true});
  turn();
}

World::~World() {
  if (ctid_) {
    board_->detach();
    turn();
    ctid_.reset();
    store_.reset();
  }
  use_process_clock(nullptr);
}

void World::start_ctid() {
  ctid_ = std::make_unique<Ctid>();
  ctid_->recovered = must(store::recover(writer_->database()));
  store_ = std::make_unique<store::InlineStore>(*writer_, timers_, ctid_->recovered.next_seq, config_.group_delay);
  ctid_->center = std::make_unique<app::CallCenter>(timers_, *store_, shelf_.file, ctid_->recovered);
  ctid_->center->reload_from(shelf_);
  center_ = ctid_->center.get();
  center_->cti().on_journal([this](const JournalRow& row) {  // who has hung up at last is ready again
    const auto* e = std::get_if<ev::AgentNotReady>(&row.event);
    if (e && config_.off_hook_returns && e->reason == app::kPhoneOffHook)
      timers_.after(config_.behaviour.talk_max, [this, agent = e->agentID] { if (center_) (void)center_->cti().agent_ready(agent); });
  });
  ctid_->sql = must(ivr::make_inline_sql_source(timers_, {business_db(), {"blacklist"}}));
  ivr::EngineOptions options;
  options.watch_files = false;
  ctid_->engine = ivr::LuaEngine::make(timers_, center_->host(), *ctid_->sql, ctid_->clock, options);
  if (auto ok = ctid_->engine->load("main.lua"); !ok) broken_.insert("main.lua: " + ok.error().text());
  center_->attach(*board_, *ctid_->engine);
  board_->attach(center_->listener());
  turn();
}

std::string World::reload(bool rollback) {
  const auto said = std::make_shared<std::string>();  // one that waits its time is answered later
  center_->cti().config_reload({"world", false, rollback}, [said](const auto& done) { *said = done ? *done : done.error().message; });
  turn();
  return *said;
}

// kill -9: nothing is said to anybody, what is not durable is gone, the board sees the link drop.
void World::kill_ctid() {
  store_->crash();
  board_->detach();
  center_ = nullptr;
  ctid_.reset();
  store_.reset();
}

void World::turn() {
  if (!center_) return;
  center_->end_of_turn();
  look();
}

void World::look() {
  if (const std::string wrong = center_->check(); !wrong.empty()) broken_.insert(wrong);
}

void World::run_for(Duration d) {
  const Instant end = timers_.now() + d;
  while (timers_.step(end)) turn();
  timers_.run_until(end);
}

void World::next_arrival(double per_second, Instant end) {
  const auto gap = Duration(static_cast<std::int64_t>(std::exponential_distribution<>(per_second)(random_) * 1e6));
  if (timers_.now() + gap >= end) return;
  timers_.after(gap, [this, per_second, end] {
    outside_->dial();
    next_arrival(per_second, end);
  });
}

void World::arrivals(double per_second, Duration length) { next_arrival(per_second, timers_.now() + length); }

bool World::drain(Duration at_most) {
  const Instant end = timers_.now() + at_most;
  while (timers_.now() < end && (board_->legs() > 0 || exchange_->legs() > 0 || (center_ && (center_->calls() > 0 || !center_->in_step())))) run_for(1s);
  run_for(5s);
  return timers_.now() < end;
}

store::Books World::books() {
  if (store_) {
    store_->when_durable([] {});
    store_->end_of_turn();
    run_for(100ms);
  }
  return must(store::read_books(writer_->database()));
}

std::string World::trouble() {
  std::string out;
  const auto say = [&](std::string text) { out += text + "\n"; };
  for (const auto& one : broken_) say("broken: " + one);
  const auto b = books();
  if (!b.balanced) say("books: " + store::to_json(b));
  if (b.in_progress != 0) say(fmt::format("{} calls in progress", b.in_progress));
  if (board_->legs() != 0) say(fmt::format("{} legs left on the board", board_->legs()));
  if (exchange_->legs() != 0) say(fmt::format("{} legs left at the exchange", exchange_->legs()));
  if (center_ && center_->calls() != 0) say(fmt::format("{} calls left", center_->calls()));
  if (center_ && center_->legs() != 0) say(fmt::format("{} legs left at ctid", center_->legs()));
  const auto& seen = outside_->counters();
  if (seen.delivered > b.offered || seen.delivered + seen.unheard < b.offered)
    say(fmt::format("the exchange saw {} delivered and {} without an answer, the books offered {}", seen.delivered, seen.unheard, b.offered));
  if (const auto c = board_->counters(); c.unbookable || c.commands_lost || c.events_dropped)
    say(fmt::format("board: unbookable {} commands lost {} events dropped {}", c.unbookable, c.commands_lost, c.events_dropped));
  return out;
}

}  // namespace sr::test
