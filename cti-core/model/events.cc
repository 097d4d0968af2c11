// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/model/events.h"

#include "drivers/base/json.h"

namespace sr {
namespace {

template <class T>
concept HasCall = requires(const T& event) {
  { event.call } -> std::convertible_to<CallId>;
};

// The members of an event stand beside these on the CTI socket, so no event may have one of the same name.
constexpr bool is_envelope_name(std::string_view name) {
  for (const std::string_view taken : {"sub", "epoch", "seq", "prev", "ts", "topic", "type", "v"})
    if (name == taken) return true;
  return false;
}

template <class T>
constexpr bool clashes() {
  bool found = false;
  using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
  boost::mp11::mp_for_each<Members>([&](auto d) { found = found || is_envelope_name(d.name); });
  return found;
}

void write_event(std::string& out, const ev::BoardLink& event) {  // its `epoch` is boardd's, the envelope's is the journal's
  out += "{\"boardEpoch\":";
  json::write(out, event.epoch);
  out += ",\"up\":";
  json::write(out, event.up);
  out += '}';
}

template <class T>
void write_event(std::string& out, const T& event) {
  static_assert(!clashes<T>(), "the member would stand twice in the event envelope of the CTI socket");
  json::write(out, event);
}

}  // namespace

std::string_view event_name(const JournalEvent& event) {
  return std::visit([](const auto& e) { return std::decay_t<decltype(e)>::kName; }, event);
}

CallId call_of(const JournalEvent& event) {
  return std::visit(
      [](const auto& e) {
        if constexpr (HasCall<std::decay_t<decltype(e)>>) return e.call;
        else return CallId::none;
      },
      event);
}

std::string to_json(const JournalEvent& event) {
  std::string out;
  out.reserve(160);
  std::visit([&](const auto& e) { write_event(out, e); }, event);
  return out;
}

}  // namespace sr
