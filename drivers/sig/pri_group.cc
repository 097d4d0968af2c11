// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/pri_group.h"

#include <type_traits>

namespace sr::sig {

PriLink& PriGroup::join(const PriSpan* span, Timers& timers, const std::string& name, SpanKind kind, const PriConfig& config, PriLink::Handler handler) {
  if (!link_)
    link_ = std::make_unique<PriLink>(timers, name, kind, config,
                                      PriLink::Handler{.on_event = [this](const PriEvent& e) { route(e); },
                                                       .send = [this](int d, std::span<const std::uint8_t> f) { if (Member* m = with_role(d)) m->handler.send(d, f); },
                                                       .trace = [this](int d, bool sent, std::span<const std::uint8_t> f) { if (Member* m = with_role(d)) m->handler.trace(d, sent, f); }});
  if (config.d_role == DChannelRole::backup) link_->add_backup();
  members_[span] = std::make_unique<Member>(Member{config.interface, config.d_role, std::move(handler)});
  order_.push_back(span);
  return *link_;
}

void PriGroup::leave(const PriSpan* span) {
  members_.erase(span);
  std::erase(order_, span);
  std::erase_if(owners_, [span](const auto& one) { return one.second == span; });
}

PriGroup::Member* PriGroup::with_role(int d) {
  const auto role = d == 0 ? DChannelRole::primary : DChannelRole::backup;
  for (auto& [span, member] : members_)
    if (member->role == role) return member.get();
  return nullptr;
}

// Without an interface it is the one of the primary D channel (Q.931 4.5.13).
PriGroup::Member* PriGroup::with_interface(int interface) {
  if (interface < 0) return with_role(0);
  for (auto& [span, member] : members_)
    if (member->interface == interface || (member->interface < 0 && members_.size() == 1)) return member.get();
  return nullptr;
}

void PriGroup::tell_all(const PriEvent& event) {
  for (const PriSpan* span : std::vector<const PriSpan*>(order_))
    if (const auto at = members_.find(span); at != members_.end()) at->second->handler.on_event(event);
}

void PriGroup::route(const PriEvent& event) {
  std::visit(
      [&]<class E>(const E& e) {
        if constexpr (std::is_same_v<E, pri_event::Setup>) {
          if (Member* m = with_interface(interface_of(e.raw))) return m->handler.on_event(event);
          link_->clear(e.call, 82);  // Q.850: the interface does not exist
        } else if constexpr (std::is_same_v<E, pri_event::SameSide>) {
          if (Member* m = with_role(0)) m->handler.on_event(event);
        } else if constexpr (requires { e.call; }) {
          if (const auto at = owners_.find(e.call); at != owners_.end()) members_.at(at->second)->handler.on_event(event);
          else if (members_.size() == 1) tell_all(event);  // it counts
        } else if constexpr (requires { e.interface; }) {
          if (e.channel == -1 && e.interface < 0) return tell_all(event);
          if (Member* m = with_interface(e.interface)) m->handler.on_event(event);
        } else {
          tell_all(event);
        }
      },
      event);
}

}  // namespace sr::sig
