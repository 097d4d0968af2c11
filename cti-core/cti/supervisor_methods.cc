// The orders of a supervisor over the CTI socket: each is one method, and all of them are one order of the backend. `as` and `pin` say
// which supervisor acts; without them it is the Unix user at the other end of the socket.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "cti-core/cti/session_impl.h"
#include "drivers/base/json.h"
#include "drivers/base/utf8.h"

namespace sr::cti {
namespace {

using Verb = SupervisorVerb;

constexpr std::size_t kNameMax = 256, kReasonMax = 64;  // bytes: each order is a row of the audit log, also a refused one

struct Params {
  std::optional<std::string> as, pin, agent, to, queue, mode, state, reason, skill, device;
  std::optional<CallId> call;
  std::optional<int> level, priority;
};
BOOST_DESCRIBE_STRUCT(Params, (), (as, pin, agent, to, queue, mode, state, reason, skill, device, call, level, priority))

std::unexpected<RpcError> wrong(std::string why) { return std::unexpected(RpcError{kInvalidParams, std::move(why), {}, {}}); }

// What must be there; of `agent|call` one.
template <class T>
bool given(const std::optional<T>& value) {
  if constexpr (std::is_same_v<T, std::string>) return value && !value->empty();
  else return value.has_value();
}

std::expected<Verb, std::string> mode_of(const Params& p) {
  if (!given(p.mode) || p.mode == "listen") return Verb::listen;
  if (p.mode == "whisper") return Verb::whisper;
  if (p.mode == "bargeIn") return Verb::bargeIn;
  if (p.mode == "none") return Verb::stopListening;
  return std::unexpected("'mode' cannot be '" + *p.mode + "': listen, whisper, bargeIn or none");
}

std::string missing(Verb verb, const Params& p) {
  const auto need = [](bool there, const char* name) { return there ? std::string() : "member '" + std::string(name) + "' is missing"; };
  switch (verb) {
    case Verb::listen:
    case Verb::whisper:
    case Verb::bargeIn: return need(given(p.agent), "agent");
    case Verb::stopListening:
    case Verb::pickup: return {};
    case Verb::forceClear: return need(given(p.agent) || given(p.call), "agent' or 'call");
    case Verb::forceTransfer:
      if (given(p.to) == given(p.queue)) return "name either 'to', an agent, or 'queue'";
      return need(given(p.agent) || given(p.call), "agent' or 'call");
    case Verb::setState: return given(p.agent) ? need(given(p.state), "state") : need(false, "agent");
    case Verb::setSkill: return !given(p.agent) ? need(false, "agent") : !given(p.skill) ? need(false, "skill") : need(given(p.level), "level");
    case Verb::addMember:
    case Verb::removeMember: return given(p.agent) ? need(given(p.queue), "queue") : need(false, "agent");
    case Verb::requeue: return given(p.call) ? need(given(p.queue), "queue") : need(false, "call");
    case Verb::prioritize: return need(given(p.call), "call");
  }
  return {};
}

Answer order(Session::Impl& s, Verb verb, const std::string& text) {
  const auto p = json::parse_as<Params>(text);
  if (!p) return wrong(p.error().text());
  for (const auto* id : {&p->as, &p->agent, &p->to, &p->queue, &p->mode, &p->state, &p->skill, &p->device})
    if (*id && (*id)->size() > kNameMax) return wrong("a name or id has more than " + std::to_string(kNameMax) + " bytes");
  if (verb == Verb::listen) {
    const auto mode = mode_of(*p);
    if (!mode) return wrong(mode.error());
    verb = *mode;
  }
  if (std::string why = missing(verb, *p); !why.empty()) return wrong(std::move(why));
  const auto word = [](const std::optional<std::string>& value) { return value.value_or(std::string()); };
  const auto done = s.world.backend.supervise({.verb = verb, .as = word(p->as), .pin = word(p->pin), .user = s.peer ? s.peer() : "?", .agent = word(p->agent),
                                               .call = p->call.value_or(CallId::none), .to = word(p->to), .queue = word(p->queue), .state = word(p->state),
                                               .reason = first_bytes(word(p->reason), kReasonMax), .skill = word(p->skill), .device = word(p->device),
                                               .level = p->level.value_or(0), .priority = p->priority});
  if (!done) return std::unexpected(RpcError{done.error().code, done.error().message, {}, {}});
  return "{\"seq\":" + std::to_string(s.world.backend.last_seq()) + "}";
}

template <Verb verb>
Answer run(Session::Impl& s, const std::string& text) { return order(s, verb, text); }

constexpr std::array kMethods = {
    Method{"call.monitor", true, run<Verb::listen>},
    Method{"call.forceClear", true, run<Verb::forceClear>},
    Method{"call.forceTransfer", true, run<Verb::forceTransfer>},
    Method{"call.pickup", true, run<Verb::pickup>},
    Method{"call.requeue", true, run<Verb::requeue>},
    Method{"call.prioritize", true, run<Verb::prioritize>},
    Method{"agent.setState", true, run<Verb::setState>},
    Method{"agent.setSkill", true, run<Verb::setSkill>},
    Method{"queue.addMember", true, run<Verb::addMember>},
    Method{"queue.removeMember", true, run<Verb::removeMember>},
};

}  // namespace

const Method* find_supervisor_method(std::string_view name) {
  for (const Method& method : kMethods)
    if (method.name == name) return &method;
  return nullptr;
}

}  // namespace sr::cti
