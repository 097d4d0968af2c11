// The spans that share one link: an NFAS group, or a span by itself. Owns the link, hands each event to the span whose call or
// interface it is, and each frame to the span whose D channel it uses. Reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "drivers/sig/pri_link.h"
#include "drivers/sig/sig.h"

namespace sr::sig {

class PriSpan;
class PriGroup {
 public:
  struct Member {
    int interface = -1;
    DChannelRole role = DChannelRole::primary;
    PriLink::Handler handler;
  };
  // All join before the first one starts. The first names the link.
  PriLink& join(const PriSpan* span, Timers& timers, const std::string& name, SpanKind kind, const PriConfig& config, PriLink::Handler handler);
  void leave(const PriSpan* span);
  void own(PriCall call, const PriSpan* span) { owners_[call] = span; }
  void disown(PriCall call) { owners_.erase(call); }

 private:
  void route(const PriEvent& event);
  void tell_all(const PriEvent& event);
  Member* with_role(int d);
  Member* with_interface(int interface);

  std::unordered_map<const PriSpan*, std::unique_ptr<Member>> members_;
  std::vector<const PriSpan*> order_;
  std::unordered_map<PriCall, const PriSpan*> owners_;
  std::unique_ptr<PriLink> link_;
};

}  // namespace sr::sig
