// A life cycle that a standard draws as a diagram is one constexpr array of Rows; the compiler checks it with the
// functions below, `tools/fsm2dot` draws it. An event without a row is the caller's to count and log: find() says nullptr.
//
//   constexpr std::array kTable = {Row{S::idle, E::ring, S::ringing, A::start_ring, "Q.931 5.2"}, …};
//   static_assert(fsm::deterministic(kTable) && fsm::reachable(kTable, S::idle) && fsm::returns(kTable, S::idle));
//
// State and Event are enums counted from 0 whose last enumerator is `count_`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace sr::fsm {

template <class State, class Event, class Action>
struct Row {
  State from;
  Event on;
  State to;
  Action act;
  std::string_view clause{};  // where the standard or our document says so
};

template <class Table, class State, class Event>
constexpr auto find(const Table& table, State from, Event on) -> decltype(&table[0]) {
  for (const auto& row : table)
    if (row.from == from && row.on == on) return &row;
  return nullptr;
}

template <class Table>
constexpr bool deterministic(const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::size_t j = i + 1; j < table.size(); ++j)
      if (table[i].from == table[j].from && table[i].on == table[j].on) return false;
  return true;
}

namespace detail {
// Marks what can be reached from `start` along the rows (backwards: what leads to it); true if that is every state.
template <class Table, class State>
constexpr bool spans_all(const Table& table, State start, bool backwards) {
  constexpr std::size_t n = static_cast<std::size_t>(State::count_);
  std::array<bool, n> seen{};
  seen[static_cast<std::size_t>(start)] = true;
  for (std::size_t round = 0; round < n; ++round)
    for (const auto& row : table) {
      const auto a = static_cast<std::size_t>(backwards ? row.to : row.from);
      const auto b = static_cast<std::size_t>(backwards ? row.from : row.to);
      if (seen[a]) seen[b] = true;
    }
  for (const bool one : seen)
    if (!one) return false;
  return true;
}
}  // namespace detail

template <class Table, class State>
constexpr bool reachable(const Table& table, State initial) {
  return detail::spans_all(table, initial, false);
}

// From every state there is a way to `home`.
template <class Table, class State>
constexpr bool returns(const Table& table, State home) {
  return detail::spans_all(table, home, true);
}

// Every state (but those in `except`) has a row for `event`: nobody can hang up into a void, no timer is forgotten.
template <class Table, class Event, class State, std::size_t N>
constexpr bool handled_everywhere(const Table& table, Event event, const std::array<State, N>& except) {
  for (std::size_t s = 0; s < static_cast<std::size_t>(State::count_); ++s) {
    bool ok = false;
    for (const State e : except) ok = ok || static_cast<std::size_t>(e) == s;
    for (const auto& row : table) ok = ok || (static_cast<std::size_t>(row.from) == s && row.on == event);
    if (!ok) return false;
  }
  return true;
}

}  // namespace sr::fsm
