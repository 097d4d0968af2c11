// One D channel, or the two of an NFAS group with their common calls: Q.921 and Q.931 by libpri, behind values. The only file that knows libpri is pri_link.cc.
// What libpri needs to be told is hidden here: two FCS octets on each frame, one timer for its earliest deadline, the destruction
// of each call record exactly once, and the call that ends before it was answered: libpri would reply to the caller's DISCONNECT or
// RELEASE by itself, so it is shown a NOTIFY in its place until clear().
// libpri knows no carrier. Its link begins with the first carrier. After a later one it is up() when the far end has proved that
// its Q.921 is established too: by a numbered or supervisory frame, or by establishing it anew. We ask for the proof as if T203 had
// run out (RR with P), so that a short break does not cost T203; the answer's F bit is ours and not shown to libpri.
// Reactor thread. libpri reads gettimeofday(): the executable names the same Timers with use_process_clock().
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/base/time.h"
#include "drivers/sig/sig.h"

struct pri;
struct q931_call;

namespace sr::sig {

enum class PriCall : std::uint32_t { none = 0 };  // never reused within one link

inline constexpr std::size_t kPriCallsMax = 64;      // call records of one D channel; a SETUP beyond it gets no answer (T303 of the exchange)
inline constexpr std::size_t kFrameOctetsMax = 1000;  // longer ones are dropped; N201 is 260
inline constexpr std::size_t kDigitsMax = 63;         // libpri's own limit for a number

namespace pri_event {
struct Up {};    // also when the link has proved to be there still after a break of the carrier
struct Down {};
struct SameSide {};  // the far end has our side: user and user, or network and network; no link
struct SwitchedOver {};  // NFAS: the active D channel is lost, the other one takes over; calls that are not active are to be destroyed
struct Anew {};  // the far end established the link again while it was up (Q.921 5.5.1.2): what was on its way may be lost
// channel: as in span.h, 0 = none named, -1 = any. raw: libpri's number with its flags, to be given back in the first reply.
struct Setup { PriCall call; int channel; int raw; bool exclusive; int crv; std::string calling, called; bool complete; };
struct Information { PriCall call; std::string digits; bool complete; };
struct SetupAck { PriCall call; int channel; };
struct Proceeding { PriCall call; int channel; bool in_band; };
struct Progress { PriCall call; bool in_band; };
struct Alerting { PriCall call; int channel; bool in_band; };
struct Connect { PriCall call; };
struct ConnectAck { PriCall call; };
struct Disconnect { PriCall call; int cause; };  // or RELEASE before any reply of ours; answer with clear()
struct Gone { PriCall call; int cause; };        // the call record is destroyed; the last event of a call that clear() has not ended
// interface: as Channel identification names it (NFAS), -1: not at all.
struct Restart { int channel, interface; };      // -1: all. The acknowledgement is on its way
struct RestartAck { int channel, interface; };
struct Service { int channel, interface; bool in_service; };  // the far end takes a channel out of service or back
}  // namespace pri_event
using PriEvent = std::variant<pri_event::Up, pri_event::Down, pri_event::SameSide, pri_event::SwitchedOver, pri_event::Anew, pri_event::Setup, pri_event::Information, pri_event::SetupAck, pri_event::Proceeding,
                              pri_event::Progress, pri_event::Alerting, pri_event::Connect, pri_event::ConnectAck, pri_event::Disconnect,
                              pri_event::Gone, pri_event::Restart, pri_event::RestartAck, pri_event::Service>;

// What a frame says at first sight: the call reference (-1: no Q.931 with one), whether the side that chose it sent the frame,
// whether it is DISCONNECT or RELEASE and where its message type is, the cause of a clearing message (-1: none), whether it is
// Q.921's SABME, whether only an established link sends it (I, RR, RNR, REJ), and whether it may answer our RR with P (RR … or DM
// as a response with F).
struct MessageSeen {
  int crv = -1;
  bool by_caller = false, disconnect = false, release = false;
  std::size_t type_at = 0;
  int cause = -1;
  bool sabme = false, established = false, final = false;
};

inline constexpr int kDChannelsMax = 2;  // primary and backup

// The D channel that carries new messages: the present one as long as it is there, else the other; -1: none.
int choose_d_channel(std::span<const bool> usable, int present);
// libpri's channel number with the interface in it; interface -1: not named.
int wire_channel(int channel, int interface);
int interface_of(int raw);

class PriLink {
 public:
  struct Handler {
    std::function<void(const PriEvent&)> on_event;
    std::function<void(int d, std::span<const std::uint8_t>)> send;            // a frame without FCS, on the primary (0) or the backup (1)
    std::function<void(int d, bool sent, std::span<const std::uint8_t>)> trace;
  };
  PriLink(Timers& timers, std::string name, SpanKind kind, const PriConfig& config, Handler handler);
  ~PriLink();
  PriLink(const PriLink&) = delete;
  PriLink& operator=(const PriLink&) = delete;

  void add_backup();                                       // NFAS; before the first carrier
  void carrier(bool there, int d = 0);                     // the first one: Q.921 begins to establish the link
  void receive(std::span<const std::uint8_t> frame, int d = 0);  // a frame from the line, without FCS
  bool up() const;                                         // a D channel is there

  // SETUP. `complete`: the number needs no more digits (Sending Complete). PriCall::none: libpri has no room.
  PriCall setup(int raw_channel, const std::string& calling, const std::string& called, bool complete);
  int crv(PriCall call) const;
  void send_setup_ack(PriCall call, int raw_channel);
  void send_proceeding(PriCall call, int raw_channel);
  void send_alerting(PriCall call);
  void send_progress(PriCall call);                        // progress indicator 8: in-band information
  void send_connect(PriCall call);
  void send_connect_ack(PriCall call);
  void send_digit(PriCall call, char digit);
  // DISCONNECT, RELEASE or RELEASE COMPLETE, whichever Q.931 5.3 wants now. A SETUP that has had no reply yet is refused by
  // RELEASE COMPLETE with causes 1, 34, 44, 82 and 88, otherwise by CALL PROCEEDING and DISCONNECT, because libpri sends
  // nothing else; one that the caller has cleared himself, by RELEASE COMPLETE. True: the call record is gone, no Gone follows.
  bool clear(PriCall call, int cause);
  void destroy(PriCall call);                              // without a word (5.5: RESTART)
  void send_restart(int raw_channel);
  void send_service(int channel, int interface, bool in_service);  // NI2, DMS100, 4ESS, 5ESS

  std::map<std::string, std::uint64_t> counters() const;

 private:
  struct Record { PriCall id; q931_call* call; int crv; bool ours, silent, cleared; };  // silent: a SETUP that has had no reply; cleared: by the caller, and libpri does not know
  friend struct PriLinkLibpri;

  struct DChannel {
    PriLink* link = nullptr;
    int number = 0;
    ::pri* pri = nullptr;
    bool up = false;      // as libpri says
    bool proved = true;   // false: the carrier was lost since
    bool asked = false;
    std::array<std::uint8_t, 4> question{};  // RR with P, as from the last frame we sent
    bool usable() const { return up && proved; }
  };
  std::span<DChannel> ds() { return {d_.data(), d_count_}; }
  std::span<const DChannel> ds() const { return {d_.data(), d_count_}; }
  ::pri* active() const { return d_[static_cast<std::size_t>(active_)].pri; }
  ::pri* master() const { return d_[0].pri; }  // has every call

  void begin();
  void d_is(DChannel& d, bool up);  // libpri reports it
  void d_changed();
  void move_calls();                // to the active D channel
  void ask(DChannel& d);            // whether the far end's link is established
  PriCall clearing_kept(const MessageSeen& seen);
  void show(DChannel& d, std::span<const std::uint8_t> frame);  // to libpri
  void pump();                      // run what is due, then look when to come again
  void arm();
  void sweep(int crv, int cause);   // calls that libpri has dropped without an event: not answered yet, or ended by a malformed message
  void emit(const PriEvent& event);
  bool valid(q931_call* call) const;
  Record* find(PriCall id);
  const Record* find(PriCall id) const;
  Record* find(q931_call* call);
  PriCall add(q931_call* call, bool silent);
  void forget(q931_call* call);
  void note(bool error, std::string_view text);

  Timers& timers_;
  std::string name_;
  bool t1_;
  PriConfig config_;
  Handler handler_;
  std::array<DChannel, kDChannelsMax> d_{};
  std::size_t d_count_ = 1;
  int active_ = 0;
  bool told_up_ = false;  // NFAS
  std::vector<Record> records_;
  std::uint32_t last_id_ = 0;
  TimerId timer_ = TimerId::none;
  Instant armed_{};
  std::span<const std::uint8_t> incoming_;  // what the read callback hands over
  mutable bool quiet_ = false;              // a question whose "no" libpri would log
  Instant noted_{};                         // last line logged from libpri
  std::uint64_t suppressed_ = 0;            // lines since then
  std::uint64_t frames_ = 0;  // of the counters, too
  std::map<std::string, std::uint64_t> counters_;
};

MessageSeen peek_message(std::span<const std::uint8_t> frame);
// Whether libpri may see it: long enough for its kind, not longer than its buffer. Pure.
bool plausible_frame(std::span<const std::uint8_t> frame);

}  // namespace sr::sig
