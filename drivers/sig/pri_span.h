// A trunk span: a PriLink and the table of leg.h joined into Signalling. Channels 1…15, 17…31 of an E1 (16 is the D channel),
// 1…23 of a T1 (24 is).
// What sig.h leaves open:
//  - dial(): a called number "400|6001" is sent in overlap: 400 in the SETUP, 6001 by INFORMATION after SETUP ACKNOWLEDGE, one
//    message per digit; ',' in it waits kDigitPause. What is left when the far end has enough is not sent.
//  - offered() with channel 0: the SETUP names a channel that is not free here and may not be changed (cause 44), one that does
//    not exist (82), or there is none left (34). It is refused with that cause when it has been booked, so that it is in the
//    books, and ends with released(cause, by_far = false, "no_channel"); commands for it do nothing.
//  - Glare (5.7): on the network side a SETUP on a channel that carries our own new call is refused with 44 at once and not
//    offered: the user side tries it again on another. The user side clears its own and reports glare_lost, also when the
//    network answers our SETUP with cause 44.
//  - clear() of a leg that is not booked is kept; it then is refused with the cause, see PriLink::clear.
//  - A caller who clears before his leg is booked gets his answer, and we hear released(), when it has been booked.
//  - answered() of an incoming leg comes with CONNECT ACKNOWLEDGE on the user side, with our CONNECT on the network side.
//  - released() comes at once when the far end clears, and when the call is gone when we clear. The channel is free a little
//    later in the first case (channel_state()).
//  - D channel down: libpri releases all legs that are not active with cause 27; active ones after T309 with 27.
//  - Without carrier the D channel is down at once; with it, when the far end has shown that its Q.921 is established (PriLink).
//  - NFAS: the calls of all spans of the group are in one link. When its active D channel is lost and the other one is there,
//    calls that are up go over; the others end with cause 27, because their messages may be lost. Without any D channel T309
//    runs here, because libpri leaves it to us then.
//  - RESTART: legs on the channel are released with cause 41. One without an acknowledgement is sent again after T316, and at
//    once when the far end has established the link anew; kRestartTriesMax times in all, then the channel is used again.
//  - busyout(): with NI2, DMS100, 4ESS and 5ESS the far end is told by SERVICE, again after each break of the D channel, and
//    hunts past it. EuroISDN and QSIG have no such message: a call there gets cause 44.
//  - Cause 44 for a call of ours: the channel gets none for kRestAfter44, so that an exchange hunting the lowest channel is not
//    caught by one that is busied out. Unless a SETUP of the far end explains it within kStuckLook, the channel gets a RESTART:
//    the far end may have a call there that we have not. A SETUP on a channel where a call of ours is up says the reverse: it
//    is refused with 44, and the RESTART ends our call.
//  - The network side is in service kRestartWindow after the D channel came up, and kRestartQuiet after a RESTART, so that no
//    call of its own meets the RESTARTs of a user side that has just started.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <map>
#include <memory>
#include <unordered_map>

#include "drivers/sig/leg.h"
#include "drivers/sig/pri_group.h"
#include "drivers/sig/pri_link.h"
#include "drivers/sig/sig.h"

namespace sr::sig {

inline constexpr Duration kDigitPause = 500ms;
inline constexpr Duration kRestartWindow = 250ms, kRestartQuiet = 100ms;
inline constexpr Duration kT316 = 120s;  // Q.931 table 9-1: RESTART without an acknowledgement
inline constexpr int kRestartTriesMax = 2;
inline constexpr Duration kRestAfter44 = 60s;  // no call of ours on a channel that was refused with cause 44
inline constexpr Duration kSameSideEvery = 300s;
inline constexpr Duration kStuckLook = 2s;     // after cause 44: time for a SETUP of the far end that explains it

// Which channel a SETUP gets. `cause` 0: `channel` is it.
struct ChannelAsk { int channel = 0; bool exclusive = true; };            // -1 any, 0 none named
struct ChannelView { bool exists = false, idle = false, ours_initiated = false, ours_active = false; };
struct ChannelGrant { int channel = 0; int cause = 0; bool glare = false, stuck = false; };  // stuck: for the far end our call is not there
ChannelGrant choose_channel(ChannelAsk ask, const std::array<ChannelView, kSpanChannelsMax + 1>& view, bool network_side);
bool has_service_messages(std::string_view switch_type);
std::string same_side_text(const std::string& span, const PriConfig& config);  // for the log: where, what, fix

class PriSpan final : public Signalling {
 public:
  PriSpan(Timers& timers, SpanDriver& span, const PriConfig& config, Observer& observer);
  ~PriSpan() override;

  void start() override;
  void booked(LegId leg) override;
  void alert(LegId leg) override;
  void progress(LegId leg) override;
  void answer(LegId leg) override;
  void clear(LegId leg, int cause) override;
  void flash(LegId leg) override;
  bool dial(LegId leg, int channel, const std::string& calling, const std::string& called) override;
  bool ring(LegId leg, int channel, const std::string& calling, const std::string& name) override;
  void digit_heard(LegId leg) override;
  void set_alone(bool alone) override;
  void restart(int channel) override;
  void busyout(int channel, bool on) override;
  ChannelState channel_state(int channel) const override;
  std::vector<int> channels() const override;
  board::LegState leg_state(LegId leg) const override;
  bool in_service() const override;
  std::map<std::string, std::uint64_t> counters() const override;

 private:
  struct Call {
    PriCall call = PriCall::none;
    LegId leg = LegId::none;  // none: released has been told
    LegPhase phase = LegPhase::null;
    int channel = 0;          // 0: holds none
    int raw_channel = 0;
    std::string digits;       // called
    std::string to_send;      // by INFORMATION
    bool complete = true;
    bool in_band = false;
    bool keep_alert = false, keep_progress = false, keep_answer = false, keep_clear = false, keep_disconnect = false;
    int cause = 16;           // of our clearing, as told
    int refuse_cause = 0;     // no channel for it
    int far_cause = 16;       // of the DISCONNECT that is kept
    TimerId timer = TimerId::none, digit_timer = TimerId::none;
  };

  struct Channel {
    PriCall holder = PriCall::none;
    bool busyout = false, restart_wanted = false;
    bool out_told = false;   // SERVICE out of service was sent
    bool far_out = false;    // … has come
    Instant rests_until{};   // no call of ours before
    TimerId look = TimerId::none;
  };

  // The table: looks up (phase, event), does the action, follows the phase's timer.
  bool handle(Call& call, LegEvent event, int cause = 0);
  void act(Call& call, LegAction action, LegEvent event, int cause);
  void run_timer(Call& call);
  void timed_out(PriCall id, LegEvent event);
  void send_digits(Call& call);
  void clear_line(Call& call, int wire_cause);
  void tell_released(Call& call, int cause, bool by_far, std::string_view why);
  void destroy(Call& call);
  void after_booked(Call& call);

  void on_pri(const PriEvent& event);
  void on_setup(const pri_event::Setup& setup);
  void on_information(const pri_event::Information& info);
  void on_restart(int channel);
  void on_restart_ack(int channel);
  void on_up();
  void on_down();
  void on_anew();
  void on_same_side();
  void on_switched_over();
  void watch_t309(bool run);
  void t309_over(PriCall id);
  int d_number() const { return config_.d_role == DChannelRole::backup ? 1 : 0; }
  bool has_d() const { return config_.d_role != DChannelRole::none; }
  void on_carrier(bool there);
  void follow_channel(Call& call, int channel);
  void open_window(Duration d);
  void drop_calls_on(int channel);
  void restart_next();
  void send_restart();
  void tell_d_channel();
  void on_service(int channel, bool in_service);
  void tell_service(int channel);
  void follow_refusal(const Call& call, int cause);
  void stuck(int channel, std::string_view why);

  Call* find(PriCall id);
  Call* find(LegId leg);
  const Call* find(LegId leg) const;
  Call& add(PriCall id, LegId leg);
  bool exists(int channel) const;
  bool free_for_incoming(int channel) const;
  void hold(Call& call, int channel);
  void count(const char* what) { ++counters_[what]; }

  Timers& timers_;
  SpanDriver& span_;
  PriConfig config_;
  Observer& observer_;
  std::shared_ptr<PriGroup> group_;  // shared by the spans of an NFAS group
  PriLink& link_;
  std::unordered_map<PriCall, std::unique_ptr<Call>> calls_;
  std::unordered_map<LegId, PriCall> by_leg_;
  std::array<Channel, kSpanChannelsMax + 1> channels_{};
  int restarting_ = 0, restart_tries_ = 0;
  TimerId restart_timer_ = TimerId::none;
  bool restarted_once_ = false;
  Instant same_side_next_{};  // no line in the log before
  bool usable_ = false;       // the D channel is up, and on the network side the window is over
  bool told_up_ = false;
  TimerId window_ = TimerId::none;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace sr::sig
