// ctictl: the operator's tool. Books, losses and recordings it reads from the journal; everything live it asks of a running ctid; how
// much staff a load needs it computes itself.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <csignal>
#include <optional>
#include <system_error>

#include "drivers/base/options.h"
#include "drivers/base/output.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/supervisor_verbs.h"
#include "tools/ctictl/verbs.h"

namespace {

constexpr const char* kFooter =
    "exit codes: 0 done; 1 refused by ctid, the center file or the script is wrong, the books differ, or no staff is enough;\n"
    "            2 wrong arguments, no journal in that file, or the output cannot be written; 3 no ctid on the socket; 130 interrupted";

struct Arguments {
  std::string socket = "var/run/cti.sock", journal = "var/run/journal.db", config = "ivr-scripts/center.toml", prompts = "build/prompts";
  sr::ctictl::Interval interval;
  std::string callback, outcome, customer;
  bool all = false, open = false;
  int seconds = 0;
  std::string agent, device, pin, reason, called, call, to, key, value, file;
  bool json = false, ready = false, dry_run = false, rollback = false, history = false;
  std::size_t minutes = 0;
  std::size_t limit = 1000;
  std::vector<std::string> topics;
  sr::ctictl::Workload workload;
  sr::ctictl::Course course;
  sr::ctictl::RealQueue real_queue;
  double service_level = 0.8;
  std::size_t trunks = 0;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace sr::ctictl;
  namespace cli = sr::cli;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has seen enough (head, less) ends the command quietly

  cli::Program program{"ctictl - the books and the live state of a call center", "ctictl"};
  program.needs_command();
  program.options_anywhere();
  Arguments a;
  int code = kOk;
  program.option("--socket", a.socket, "CTI socket of ctid").shows_default();
  program.option("--db", a.journal, "journal, for books, lost and recordings").shows_default();
  program.flag("--json", a.json, "JSON instead of pages; times are ISO 8601 in UTC");

  const auto verb = [&](cli::Command parent, const char* name, const char* text, auto run) {
    cli::Command sub = parent.command(name, text);
    sub.footer(kFooter);
    sub.when_given([&code, run] { code = run(); });
    return sub;
  };
  const auto interval = [&](cli::Command sub) {
    sub.option("--from", a.interval.from, "calls from this time on: 2026-11-21 or 2026-11-21T19:30 (local), with Z UTC");
    sub.option("--to", a.interval.to, "… and before this one");
    return sub;
  };

  interval(verb(program, "books", "offered = answered + served + lost + in progress; fails when they differ", [&] { return books(a.journal, a.interval, a.json); }));
  auto lost_verb = interval(verb(program, "lost", "the callers that reached no agent, and where they were lost", [&] { return lost(a.journal, a.interval, a.limit, a.json); }));
  auto waits_verb = interval(verb(program, "waits", "what waiting callers were told, and how long they then waited", [&] { return waits(a.journal, a.interval, a.minutes, a.json); }));
  waits_verb.option("--every", a.minutes, "a line for so many minutes of the interval; 0: one for all of it").shows_default().between(0, 1440);
  auto recordings_verb = interval(verb(program, "recordings", "what was recorded", [&] { return recordings(a.journal, a.interval, a.call, a.agent, a.limit, a.json); }));
  recordings_verb.option("--call", a.call, "of this call").not_negative();
  recordings_verb.option("--agent", a.agent, "of this agent");
  std::optional<cli::Command> close_callback;
  auto callbacks_verb = interval(verb(program, "callbacks", "who is to be called back: one task per customer; close ends one", [&] {
    return close_callback->given() ? code : callbacks(a.journal, a.interval, a.customer, a.all && !a.open, a.limit, a.json);
  }));
  callbacks_verb.flag("--open", a.open, "only the open ones (the default)");
  callbacks_verb.flag("--all", a.all, "the closed ones, too");
  callbacks_verb.option("--number", a.customer, "of this customer");
  close_callback = verb(callbacks_verb, "close", "ends a task", [&] { return command(a.socket, "callback.close", {{"callback", a.callback, true}, {"outcome", a.outcome}}, a.json); });
  close_callback->option("callback", a.callback, "its id").required().not_negative();
  close_callback->option("--outcome", a.outcome, "what became of it").required();
  verb(program, "spots", "TV spots, past and to come, and what became of their callers", [&] { return spots(a.journal, a.config, a.json); })
      .option("--config", a.config, "center file that has the spots; '' for those of the journal alone").shows_default();
  for (auto sub : {lost_verb, recordings_verb, callbacks_verb}) sub.option("--limit", a.limit, "at most so many, the latest").shows_default().between(1, 1'000'000);

  verb(program, "calls", "the calls that are up", [&] { return calls(a.socket, a.json); });
  verb(program, "agents", "the agents and their states", [&] { return agents(a.socket, a.json); });
  verb(program, "queues", "the queues, who waits and who is ready", [&] { return queues(a.socket, a.json); });
  auto watch_verb = verb(program, "watch", "live events; on a terminal with the state above them; until Ctrl-C", [&] { return watch(a.socket, a.topics, a.json); });
  watch_verb.option("topics", a.topics, "call, call/ID, agent, agent/ID, span, system; none: everything");

  auto agent_verb = program.command("agent", "log an agent in or out, change his state");
  agent_verb.needs_command();
  const auto agent = [&](const char* name, const char* text, auto run) {
    auto sub = verb(agent_verb, name, text, run);
    sub.option("agent", a.agent, "agent's id").required();
    return sub;
  };
  auto login = agent("login", "log on at a phone", [&] {
    return command(a.socket, "agent.login", {{"agent", a.agent}, {"device", a.device}, {"pin", a.pin}, {"ready", a.ready ? "true" : "false", true}}, a.json);
  });
  login.option("phone", a.device, "station").required();
  login.option("--pin", a.pin, "the agent's PIN");
  login.flag("--ready", a.ready, "and ready for calls at once");
  const auto plain = [&](const char* name, const char* method, const char* text) {
    agent(name, text, [&a, method] { return command(a.socket, method, {{"agent", a.agent}}, a.json); });
  };
  plain("logout", "agent.logout", "log off");
  plain("ready", "agent.ready", "ready for the next call");
  agent("not-ready", "take a break", [&] { return command(a.socket, "agent.notReady", {{"agent", a.agent}, {"reason", a.reason}}, a.json); })
      .option("reason", a.reason, "break, lunch, training …");
  plain("wrap-up", "agent.wrapUp", "work after the call");
  agent("more-wrap-up", "the work after the call takes longer", [&] {
    std::vector<Word> words = {{"agent", a.agent}};
    if (a.seconds > 0) words.push_back({"seconds", std::to_string(a.seconds), true});
    return command(a.socket, "agent.moreWrapUp", words, a.json);
  }).option("seconds", a.seconds, "so much longer; none: wrap_up_extend_s").between(1, 3600);

  auto call_verb = program.command("call", "make, clear, hold, transfer a call, attach data");
  call_verb.needs_command();
  auto make = verb(call_verb, "make", "rings the phone, then dials", [&] { return command(a.socket, "call.make", {{"device", a.device}, {"called", a.called}}, a.json); });
  make.option("phone", a.device, "station").required();
  make.option("number", a.called, "number to dial").required();
  auto clear = verb(call_verb, "clear", "clears a call", [&] { return command(a.socket, "call.clear", {{"call", a.call, true}}, a.json); });
  const auto steps = [&](const char* name, const char* method, const char* text) {
    verb(call_verb, name, text, [&a, method] { return command(a.socket, method, {{"call", a.call, true}}, a.json); }).option("call", a.call, "call id").required().not_negative();
  };
  const auto steps_to = [&](cli::Command parent, const char* name, const char* method, const char* text) {
    auto sub = verb(parent, name, text, [&a, method] { return command(a.socket, method, {{"call", a.call, true}, {"to", a.to}}, a.json); });
    sub.option("call", a.call, "call id").required().not_negative();
    sub.option("to", a.to, "agent, phone, queue, or an outside number behind the access digit").required();
  };
  steps("hold", "call.hold", "the caller hears music, his agent dial tone");
  steps("retrieve", "call.retrieve", "the agent has the caller again, and nobody else");
  steps_to(call_verb, "consult", "call.consult", "the caller is held and somebody else rung");
  steps("alternate", "call.alternate", "the agent changes between the caller and the second");
  steps("conference", "call.conference", "all three hear each other");
  steps("transfer", "call.transfer", "the agent is out, the caller goes to the second");
  steps_to(program, "transfer", "call.singleStepTransfer", "gives an agent's caller to somebody else at once");
  auto data = verb(call_verb, "set-data", "attaches a value to a call", [&] {
    return command(a.socket, "call.setData", {{"call", a.call, true}, {"key", a.key}, {"value", a.value}}, a.json);
  });
  auto explain = verb(program, "explain", "in words: where a call stands in its queue, and why it or somebody else is next", [&] { return command(a.socket, "call.explain", {{"call", a.call, true}}, a.json); });
  for (auto sub : {clear, data, explain}) sub.option("call", a.call, "call id").required().not_negative();
  data.option("key", a.key).required();
  data.option("value", a.value).required();

  auto ivr_verb = program.command("ivr", "check a script, or have changed scripts taken up");
  ivr_verb.needs_command();
  auto check = verb(ivr_verb, "check", "what ctid would say about a script", [&] { return ivr_check(a.file, a.config, a.prompts, a.json); });
  check.option("file", a.file, "script").required();
  check.option("--config", a.config, "configuration that knows the queues; '' for none").shows_default();
  check.option("--prompts", a.prompts, "folder of the prompts; they are not checked when it is not there").shows_default();
  verb(ivr_verb, "reload", "take up changed scripts now; one that is wrong stays as it was", [&] { return command(a.socket, "ivr.reload", {}, a.json); });

  auto reload_verb = verb(program, "reload", "the changed center file, checked and put in force while calls run; a wrong one changes nothing", [&] {
    return a.history ? reload_history(a.journal, a.limit, a.json) : reload(a.socket, a.dry_run, a.rollback, a.json);
  });
  reload_verb.flag("--dry-run", a.dry_run, "only say what would change");
  reload_verb.flag("--rollback", a.rollback, "back to the configuration before this one");
  reload_verb.flag("--history", a.history, "which changes there were, from the journal");
  reload_verb.option("--limit", a.limit, "of --history: at most so many, the latest").shows_default().between(1, 1'000'000);

  auto simulate_verb = verb(program, "simulate", "what a group of agents would do to a load: ctid's own queue in virtual time, beside the formula",
                            [&] { return a.real_queue.any() ? simulate_queue(a.real_queue, a.workload, a.course, a.json) : simulate(a.workload, a.course, a.json); });
  auto plan_verb = verb(program, "plan", "how many agents a load needs, and how many trunks, by formula", [&] { return plan(a.workload, a.service_level, a.trunks, a.json); });
  for (auto sub : {simulate_verb, plan_verb}) {
    sub.option("--calls-per-hour", a.workload.calls_per_hour, "callers per hour, by chance (Poisson)");
    sub.option("--aht", a.workload.handling_s, "mean handling time in seconds: talk and wrap-up");
    sub.option("--patience", a.workload.patience, "mean time in seconds after which a waiting caller gives up, or none").shows_default();
    sub.option("--threshold", a.workload.threshold_s, "the service level counts who is answered within so many seconds").shows_default();
  }
  simulate_verb.option("--agents", a.course.agents, "agents").between(1, 10'000);
  simulate_verb.option("--hours", a.course.hours, "hours counted").shows_default();
  simulate_verb.option("--warmup", a.course.warmup_hours, "hours before them that are not counted").shows_default();
  simulate_verb.option("--seed", a.course.seed, "the same seed brings the same callers").shows_default().not_negative();
  simulate_verb.option("--max-waiting", a.course.waiting_max, "who finds so many waiting is refused, or none").shows_default();
  simulate_verb.option("--config", a.real_queue.config, "a queue of this configuration with its own agents and rules, 30 times; without --agents, --warmup and --max-waiting");
  simulate_verb.option("--queue", a.real_queue.queue, "that queue, of --config");
  simulate_verb.option("--curve", a.real_queue.curve, "file with the calls per minute, or TV spots; else --calls-per-hour for --hours");
  plan_verb.option("--service-level", a.service_level, "share of the callers to be answered within the threshold").shows_default().between(0.01, 0.9999);
  plan_verb.option("--trunks", a.trunks, "how often are so many trunks all busy").between(1, 100'000);
  add_supervisor_verbs(program, {a.socket, a.journal, a.json, code, kFooter});
  for (cli::Command group : {cli::Command(program), agent_verb, call_verb, ivr_verb}) group.footer(kFooter);

  try {
    if (const auto status = program.parse(argc, argv)) code = *status;
  } catch (const std::system_error&) {  // of the output: the rest of it is not worth making
  }
  return sr::after_output("ctictl", code, kUsage);
}
