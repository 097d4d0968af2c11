// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/supervisor_verbs.h"

#include <memory>

#include "tools/ctictl/audit.h"
#include "tools/ctictl/verbs.h"

namespace sr::ctictl {
namespace {

struct Values {
  std::string as, pin, device, agent, call, to, queue, state, reason, skill, level, priority;
  AuditFilter filter;
};

}  // namespace

void add_supervisor_verbs(cli::Command program, SupervisorVerbs shared) {
  const auto v = std::make_shared<Values>();
  auto group = program.command("supervisor", "listen, help, and put things right; each act stands in the audit log");
  group.needs_command();
  group.footer(shared.footer);

  const auto verb = [&](const char* name, const char* text, const char* method, std::vector<Word> (*words)(const Values&)) {
    auto sub = group.command(name, text);
    sub.footer(shared.footer);
    sub.option("--as", v->as, "id of the supervisor who acts; without it the Unix user is meant");
    sub.option("--pin", v->pin, "his PIN");
    sub.when_given([v, shared, method, words] {
      std::vector<Word> all;
      for (auto& word : words(*v))
        if (!word.value.empty()) all.push_back(std::move(word));
      if (!v->as.empty()) all.push_back({"as", v->as}), all.push_back({"pin", v->pin});
      shared.code = command(shared.socket, method, all, shared.as_json);
    });
    return sub;
  };
  const auto agent = [&](cli::Command sub) { sub.option("agent", v->agent, "agent's id").required(); };
  const auto call = [&](cli::Command sub) { sub.option("call", v->call, "call id").required().not_negative(); };
  const auto agent_or_call = [&](cli::Command sub) {
    sub.option("agent", v->agent, "agent's id; or --call");
    sub.option("--call", v->call, "call id").not_negative();
  };
  const auto phone = [&](cli::Command sub) { sub.option("--phone", v->device, "which phone rings; without it the supervisor's own"); };

  const auto listening = [&](const char* name, const char* text, std::vector<Word> (*words)(const Values&)) {
    auto sub = verb(name, text, "call.monitor", words);
    agent(sub);
    phone(sub);
  };
  listening("listen", "hear an agent's calls, unheard", [](const Values& x) { return std::vector<Word>{{"mode", "listen"}, {"agent", x.agent}, {"device", x.device}}; });
  listening("whisper", "hear them, and be heard by the agent alone", [](const Values& x) { return std::vector<Word>{{"mode", "whisper"}, {"agent", x.agent}, {"device", x.device}}; });
  listening("barge-in", "hear them, and be heard by all", [](const Values& x) { return std::vector<Word>{{"mode", "bargeIn"}, {"agent", x.agent}, {"device", x.device}}; });
  phone(verb("stop", "listen no longer", "call.monitor", [](const Values& x) { return std::vector<Word>{{"mode", "none"}, {"device", x.device}}; }));

  agent_or_call(verb("release", "end an agent's call, or any call", "call.forceClear", [](const Values& x) { return std::vector<Word>{{"agent", x.agent}, {"call", x.call, true}}; }));
  auto transfer = verb("transfer", "give an agent's caller to another agent or to a queue", "call.forceTransfer",
                       [](const Values& x) { return std::vector<Word>{{"agent", x.agent}, {"call", x.call, true}, {"to", x.to}, {"queue", x.queue}}; });
  agent_or_call(transfer);
  transfer.option("--to", v->to, "agent who is ready");
  transfer.option("--queue", v->queue, "queue");
  auto pickup = verb("pickup", "take a call oneself: what rings at an agent, --call, or the first who waits", "call.pickup",
                     [](const Values& x) { return std::vector<Word>{{"agent", x.agent}, {"call", x.call, true}}; });
  agent_or_call(pickup);
  auto requeue = verb("requeue", "put a caller who waits into another queue; his wait counts on", "call.requeue",
                      [](const Values& x) { return std::vector<Word>{{"call", x.call, true}, {"queue", x.queue}}; });
  call(requeue);
  requeue.option("queue", v->queue, "queue").required();
  auto ahead = verb("ahead", "move a caller who waits to the front, or give him a priority", "call.prioritize",
                    [](const Values& x) { return std::vector<Word>{{"call", x.call, true}, {"priority", x.priority, true}}; });
  call(ahead);
  ahead.option("--priority", v->priority, "0 to 1000").not_negative();

  auto state = verb("state", "change an agent's state", "agent.setState",
                    [](const Values& x) { return std::vector<Word>{{"agent", x.agent}, {"state", x.state}, {"reason", x.reason}}; });
  agent(state);
  state.option("state", v->state, "ready, notReady, workingAfterCall or loggedOff").required().one_of({"ready", "notReady", "workingAfterCall", "loggedOff"});
  state.option("--reason", v->reason, "of notReady");
  auto skill = verb("skill", "give an agent a skill, until another configuration is in force", "agent.setSkill",
                    [](const Values& x) { return std::vector<Word>{{"agent", x.agent}, {"skill", x.skill}, {"level", x.level, true}}; });
  agent(skill);
  skill.option("skill", v->skill, "skill").required();
  skill.option("level", v->level, "1 to 16; 0 takes it away").required().not_negative();
  const auto member = [&](const char* name, const char* text, const char* method) {
    auto sub = verb(name, text, method, [](const Values& x) { return std::vector<Word>{{"queue", x.queue}, {"agent", x.agent}}; });
    sub.option("queue", v->queue, "queue").required();
    agent(sub);
  };
  member("add", "let an agent serve a queue, until another configuration is in force", "queue.addMember");
  member("remove", "let him serve it no longer", "queue.removeMember");

  auto log = program.command("audit", "what supervisors did or were refused: who, whom, what, when and from where");
  log.footer(shared.footer);
  log.option("--since", v->filter.since, "from this time on: 2026-11-21 or 2026-11-21T19:30 (local), with Z UTC");
  log.option("--who", v->filter.who, "of this supervisor or user");
  log.option("--agent", v->filter.agent, "about this agent");
  log.option("--limit", v->filter.limit, "at most so many, the latest").shows_default().between(1, 1'000'000);
  log.when_given([v, shared] { shared.code = audit(shared.journal, v->filter, shared.as_json); });
}

}  // namespace sr::ctictl
