// The D channels of a link: which are there, and of the two of an NFAS group (T1.607 annex F) which one carries the messages.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "drivers/base/log.h"
#include "drivers/sig/pri_link.h"

namespace sr::sig {

int choose_d_channel(std::span<const bool> usable, int present) {
  if (present >= 0 && usable[static_cast<std::size_t>(present)]) return present;
  const auto other = std::ranges::find(usable, true);
  return other == usable.end() ? -1 : static_cast<int>(other - usable.begin());
}

int wire_channel(int channel, int interface) { return interface < 0 ? channel : channel | interface << 8 | 1 << 16; }

int interface_of(int raw) {
  if (raw == -1 || (raw & 0x1ff00) == 0) return -1;
  return raw >> 8 & 0xff;
}

void PriLink::add_backup() { d_count_ = kDChannelsMax; }

bool PriLink::up() const {
  return std::ranges::any_of(ds(), [](const DChannel& d) { return d.usable(); });
}

void PriLink::carrier(bool there, int number) {
  DChannel& d = d_[static_cast<std::size_t>(number)];
  d.proved = d.asked = false;
  if (!there) return d_changed();
  if (!d.pri) begin();
  else if (d.up) ask(d);
}

void PriLink::ask(DChannel& d) {
  d.asked = true;
  d.question[0] = config_.network_side ? 2 : 0;  // a command: C/R by side (Q.921 table 1)
  d.question[1] = 1;
  d.question[2] = 1;
  if (handler_.trace) handler_.trace(d.number, true, d.question);
  handler_.send(d.number, d.question);
}

void PriLink::d_is(DChannel& d, bool up) {
  d.up = up;
  if (up) d.proved = true;
  if (d_count_ > 1) return d_changed();
  if (up) emit(pri_event::Up{});
  else emit(pri_event::Down{});
}

void PriLink::d_changed() {
  if (d_count_ == 1) return;  // the span knows its carrier
  std::array<bool, kDChannelsMax> usable{};
  for (const DChannel& d : ds()) usable[static_cast<std::size_t>(d.number)] = d.usable();
  const int next = choose_d_channel(usable, active_);
  const bool other = next >= 0 && next != active_;
  if (other) {
    ++counters_["d_channel_switched"];
    log::warn("span {}: the {} D channel takes over", name_, next == 0 ? "primary" : "backup");
    active_ = next;
    if (told_up_) emit(pri_event::SwitchedOver{});
    move_calls();
  }
  if (const bool now = next >= 0; now != told_up_) {
    told_up_ = now;
    if (now) emit(pri_event::Up{});
    else emit(pri_event::Down{});
  }
}

// libpri sends for a call on the D channel where a message for it came last, and has no function to change that. So each call is
// shown a NOTIFY, in an unnumbered frame, on the one that it shall use.
void PriLink::move_calls() {
  DChannel& to = d_[static_cast<std::size_t>(active_)];
  if (to.pri == nullptr) return;
  const std::vector<Record> calls = records_;
  for (const Record& call : calls) {
    const std::uint8_t address = config_.network_side ? 0x00 : 0x02;  // a command of the far end
    const auto high = static_cast<std::uint8_t>((call.crv >> 8 & 0x7f) | (call.ours ? 0x80 : 0)), low = static_cast<std::uint8_t>(call.crv & 0xff);
    const std::array<std::uint8_t, 11> notify = {address, 0x01, 0x03, 0x08, 0x02, high, low, 0x6E, 0x27, 0x01, 0x82};
    show(to, notify);
  }
}

}  // namespace sr::sig
