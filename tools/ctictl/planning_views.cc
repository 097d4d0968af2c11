// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/planning_views.h"

#include <fmt/format.h>

#include <array>
#include <boost/mp11.hpp>
#include <cmath>

#include "drivers/base/json.h"
#include "tools/ctictl/table.h"

namespace sr::ctictl {
namespace {

using acd::Service;

enum class Unit { share, seconds, callers };
struct Line { double Service::*member; Unit unit; const char* text; };  // {} in the text: the threshold
constexpr std::array kLines{
    Line{&Service::service_level, Unit::share, "answered within {} s, of all"},
    Line{&Service::service_level_2, Unit::share, "... of all but those who gave up within {} s"},
    Line{&Service::service_level_3, Unit::share, "answered or gone within {} s, of all"},
    Line{&Service::asa_s, Unit::seconds, "mean wait of the answered"},
    Line{&Service::mean_wait_s, Unit::seconds, "mean wait of all"},
    Line{&Service::p50_wait_s, Unit::seconds, "half of the answered waited at most"},
    Line{&Service::p90_wait_s, Unit::seconds, "nine of ten at most"},
    Line{&Service::p_wait, Unit::share, "had to wait"},
    Line{&Service::p_abandon, Unit::share, "gave up"},
    Line{&Service::p_refused, Unit::share, "refused, the queue was full"},
    Line{&Service::occupancy, Unit::share, "an agent was busy"},
    Line{&Service::mean_queue, Unit::callers, "callers waiting at a time"},
};
constexpr double kBlocking = 0.01;  // the usual target for a trunk group
constexpr std::size_t kTrunksMax = 100'000;

std::string shown(double value, Unit unit) {
  if (!std::isfinite(value)) return fmt::format("{:>9}", "-");
  return unit == Unit::share ? fmt::format("{:7.2f} %", value * 100) : unit == Unit::seconds ? fmt::format("{:7.2f} s", value) : fmt::format("{:7.2f}  ", value);
}

std::string theory_name(const acd::SimulationConfig& config) {
  if (config.waiting_max) return *config.waiting_max == 0 ? "Erlang B" : "";
  return config.patience_s == acd::kForever ? "Erlang C" : "Erlang A";
}

std::string load_text(const acd::Load& load) {
  return fmt::format("{:g} calls per hour of {:g} s: {:.2f} erlangs; {}", load.calls_per_s * 3600, load.handling_s, load.erlangs(),
                     load.patience_s == acd::kForever ? "nobody gives up" : fmt::format("patience {:g} s", load.patience_s));
}

class Object {  // a flat one
 public:
  void put(std::string_view name, double value) { key(name); json::write_number(out_, value); }
  void put(std::string_view name, std::uint64_t value) { key(name); out_ += std::to_string(value); }
  void put(std::string_view name, const std::string& value) { key(name); json::write_string(out_, value); }
  void put(const std::string& prefix, const Service& service) {
    boost::mp11::mp_for_each<boost::describe::describe_members<Service, boost::describe::mod_public>>(
        [&](auto member) { put(prefix + member.name, service.*member.pointer); });
  }
  std::string text() const { return out_ + "}\n"; }

 private:
  void key(std::string_view name) {
    out_ += out_.empty() ? '{' : ',';
    json::write_string(out_, name);
    out_ += ':';
  }
  std::string out_;
};

void put_load(Object& object, const acd::Load& load, double threshold_s) {
  object.put("calls_per_hour", std::round(load.calls_per_s * 3600e6) / 1e6);
  object.put("aht_s", load.handling_s);
  object.put("erlangs", load.erlangs());
  object.put("patience_s", load.patience_s);
  object.put("threshold_s", threshold_s);
}

}  // namespace

std::string simulation_page(const acd::SimulationConfig& config, const acd::SimulationResult& result, bool colours) {
  const auto theory = acd::theory_of(config);
  const std::string name = theory_name(config);
  Table table({"", "simulated", "  +- 95 %", name.empty() ? "no formula" : " " + name});
  for (const Line& line : kLines) {
    if (line.member == &Service::p_refused && !config.waiting_max) continue;
    const double value = result.service.*line.member, half = result.half_width.*line.member;
    const double expected = theory ? (*theory).*line.member : std::nan("");
    const bool outside = std::isfinite(expected) && half > 0 && std::abs(value - expected) > half;
    table.row({fmt::format(fmt::runtime(line.text), config.threshold_s), shown(value, line.unit), shown(half, line.unit),
               {shown(expected, line.unit), outside ? Colour::yellow : Colour::none}});
  }
  const auto& c = result.counts;
  std::string out = fmt::format("{} agents; {}\n", config.agents, load_text(config.load()));
  out += fmt::format("{:g} hours after {:g} of warm-up, seed {}: offered {}, answered {}, gave up {}, refused {}\n\n", config.hours, config.warmup_hours, config.seed,
                     c.offered, c.answered, c.abandoned, c.refused);
  out += table.text(colours);
  if (theory && !std::isfinite(theory->asa_s)) out += "\nThe load is more than these agents can do: without patience the queue grows without end.\n";
  return out;
}

std::string simulation_json(const acd::SimulationConfig& config, const acd::SimulationResult& result) {
  Object object;
  const auto& c = result.counts;
  object.put("offered", c.offered);
  object.put("answered", c.answered);
  object.put("abandoned", c.abandoned);
  object.put("refused", c.refused);
  object.put("", result.service);
  object.put("ci95_", result.half_width);
  if (const auto theory = acd::theory_of(config)) {
    object.put("theory", theory_name(config));
    object.put("theory_", *theory);
  }
  put_load(object, config.load(), config.threshold_s);
  object.put("agents", config.agents);
  object.put("max_waiting", config.waiting_max ? static_cast<double>(*config.waiting_max) : std::nan(""));
  object.put("hours", config.hours);
  object.put("warmup_hours", config.warmup_hours);
  object.put("seed", config.seed);
  object.put("simulated_calls", result.calls);
  return object.text();
}

std::string queue_page(const acd::QueueSimulationConfig& config, const acd::QueueSimulationResult& result, bool colours) {
  const auto& c = result.counts;
  const QueueConfig& queue = config.center->queues[acd::index(config.queue)];
  std::string out = fmt::format("queue {}: {} agents, {} who help by overflow; {} minutes, {} times, seed {}\n", queue.name, result.agents, result.helpers, config.minutes(), config.runs, config.seed);
  out += fmt::format("offered {}, answered {} (by helpers {}), gave up {}, timed out {}, refused {}\n", c.offered, c.answered, result.helped, c.abandoned, result.timed_out, c.refused);
  out += fmt::format("at most {} waited; overflow began {} times and lasted {:.1f} minutes of each run\n\n", result.most_waiting, result.steps_begun,
                     result.overflow_s / 60 / static_cast<double>(config.runs));
  Table table({"", " simulated", "    +/-"});
  for (const Line& line : kLines)
    table.row({fmt::format(fmt::runtime(line.text), config.threshold_s), shown(result.service.*line.member, line.unit), shown(result.half_width.*line.member, line.unit)});
  return out + table.text(colours);
}

std::string queue_json(const acd::QueueSimulationConfig& config, const acd::QueueSimulationResult& result) {
  Object object;
  const auto& c = result.counts;
  object.put("queue", config.center->queues[acd::index(config.queue)].name);
  object.put("offered", c.offered);
  object.put("answered", c.answered);
  object.put("abandoned", c.abandoned);
  object.put("timed_out", result.timed_out);
  object.put("refused", c.refused);
  object.put("answered_by_helpers", result.helped);
  object.put("", result.service);
  object.put("ci95_", result.half_width);
  object.put("overflow_steps_begun", result.steps_begun);
  object.put("overflow_s", result.overflow_s / static_cast<double>(config.runs));
  object.put("most_waiting", result.most_waiting);
  object.put("agents", result.agents);
  object.put("helpers", result.helpers);
  object.put("aht_s", config.handling_s);
  object.put("patience_s", config.patience_s);
  object.put("threshold_s", config.threshold_s);
  object.put("minutes", config.minutes());
  object.put("runs", config.runs);
  object.put("seed", config.seed);
  object.put("simulated_calls", result.calls);
  return object.text();
}

double trunk_erlangs(const acd::Load& load, const acd::Service& service) {
  return load.calls_per_s * (service.mean_wait_s + (1 - service.p_abandon) * load.handling_s);
}

std::string plan_page(const StaffPlan& plan, bool colours) {
  std::string out = fmt::format("{}\n", load_text(plan.load));
  out += paint(Colour::bold, fmt::format("{} agents are needed to answer {:g} % within {:g} s", plan.agents, plan.service_level * 100, plan.threshold_s), colours) + "\n\n";
  Table table({"   agents", fmt::format(" in {:g} s", plan.threshold_s), "mean wait", "had to wait", "  gave up", "     busy", "  waiting"});
  for (std::size_t n = plan.agents > 3 ? plan.agents - 3 : 1; n <= plan.agents + 3; ++n) {
    const Service s = acd::service_of_group(plan.load, n, plan.threshold_s);
    const Colour colour = n == plan.agents ? Colour::green : Colour::none;
    table.row({{fmt::format("{} {:6}", n == plan.agents ? "->" : "  ", n), colour}, {shown(s.service_level, Unit::share), colour}, {shown(s.asa_s, Unit::seconds), colour},
               {shown(s.p_wait, Unit::share), colour}, {shown(s.p_abandon, Unit::share), colour}, {shown(s.occupancy, Unit::share), colour},
               {shown(s.mean_queue, Unit::callers), colour}});
  }
  out += table.text(colours);
  const double erlangs = trunk_erlangs(plan.load, acd::service_of_group(plan.load, plan.agents, plan.threshold_s));
  const std::size_t enough = acd::trunks_needed(erlangs, kBlocking, kTrunksMax);
  out += fmt::format("\nTrunks carry {:.2f} erlangs with the waiting; {} refuse at most {:g} % (Erlang B).\n", erlangs, enough, kBlocking * 100);
  if (plan.trunks)
    out += fmt::format("{} trunks are all busy for {:.4g} % of the calls: the exchange refuses them unseen.\n", plan.trunks, acd::erlang_b(erlangs, plan.trunks) * 100);
  return out;
}

std::string plan_json(const StaffPlan& plan) {
  const Service service = acd::service_of_group(plan.load, plan.agents, plan.threshold_s);
  const double erlangs = trunk_erlangs(plan.load, service);
  Object object;
  object.put("agents", plan.agents);
  object.put("", service);
  object.put("service_level_wanted", plan.service_level);
  put_load(object, plan.load, plan.threshold_s);
  object.put("trunk_erlangs", erlangs);
  object.put("trunks_for_1_percent", acd::trunks_needed(erlangs, kBlocking, kTrunksMax));
  if (plan.trunks) {
    object.put("trunks", plan.trunks);
    object.put("trunk_blocking", acd::erlang_b(erlangs, plan.trunks));
  }
  return object.text();
}

}  // namespace sr::ctictl
