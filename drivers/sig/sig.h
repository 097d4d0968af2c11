// The seam between board_core and the signalling of one span: PRI through libpri (pri_span), phones (fxs_bank), exchange
// lines (fxo_bank). Channels are a span's own numbers; legs are the board's. Everything runs on the reactor, time through Timers.
// The life of a leg is a table in leg.h (trunks), of a phone's line in fxs_line.h, of an exchange line in fxo_line.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/time.h"
#include "drivers/board/board.h"
#include "drivers/span/span.h"

namespace sr::sig {

// Values from the profile. Timers of Q.931 table 9-1 / 9-2 that libpri leaves to the application, and T309.
enum class DChannelRole { primary, backup, none };
class PriGroup;
struct PriConfig {
  std::string group;
  std::string hunt;                     // ascending descending round_robin least_recent; "": by the side (daemon/channel_pick.h)
  bool network_side = false;            // the exchange's side: callgen, or a trunk towards a PBX
  std::string switch_type = "euroisdn"; // euroisdn ni2 dms100 4ess 5ess qsig
  bool overlap_receiving = false;
  std::size_t number_length = 0;        // overlap: the called number is complete with so many digits (0: Sending Complete or T302 only)
  std::shared_ptr<PriGroup> nfas;       // the same in each span of an NFAS group, which ends with the last of them; null: a span by itself
  int interface = -1;                   // NFAS: the number of this span in Channel identification
  DChannelRole d_role = DChannelRole::primary;
  std::string where;                    // file:line of the side in the profile, for the log
  bool restart_at_start = true;         // RESTART for every channel without a call when the D channel first comes up
  Duration t301 = 180s, t302 = 15s, t304 = 30s, t309 = 90s, t310 = 10s;
};
struct StationConfig { int channel = 0; std::string number; };
struct FxsConfig {
  std::vector<StationConfig> stations;
  Duration flash_max = 1250ms;   // a soft span sends flash as such; a real line's on-hook shorter than this is one
  Duration howler_after = 30s;
  Duration dial_tone_max = 15s;  // without a digit: congestion, then howler
};
struct FxoConfig {
  std::string group;
  int lines = kSpanChannelsMax;         // channels 1 to this
  bool await_caller_id = false;         // the number may come after the first ring: the call is offered with it, or at the second ring
  bool answer_by_polarity = false;      // outgoing calls are answered when the exchange reverses its battery; else at once
  bool disconnect_by_polarity = true;   // and the far end has hung up when it does so again
  bool line_dials = false;              // the line sends the digits; else they are the media's
};

enum class ChannelState { idle, busy, out_of_service };

// What board_core hears. Every leg that appears here ends with exactly one released().
class Observer {
 public:
  virtual ~Observer() = default;
  virtual LegId new_leg() = 0;  // the next number for a leg that the line begins
  // The exchange offers a call; the leg says nothing on the line until Signalling::booked(leg). channel 0: there was none for it;
  // it is refused when it is booked.
  virtual void offered(LegId leg, int channel, int crv, const std::string& calling, const std::string& called, bool complete) = 0;
  virtual void number_complete(LegId leg, const std::string& called) = 0;
  virtual void initiated(LegId leg, int channel, const std::string& station) = 0;  // off-hook by itself; dial tone is on
  virtual void seized(LegId leg, int channel, int crv) = 0;
  virtual void proceeding(LegId leg) = 0;
  virtual void alerting(LegId leg) = 0;
  virtual void progress_audio(LegId leg) = 0;     // in-band information is there before the answer (PROGRESS indicator 8)
  virtual void answered(LegId leg) = 0;
  virtual void flashed(LegId leg) = 0;
  virtual void glare_lost(LegId leg) = 0;         // cause 44, user side: this channel is gone, released() does not follow; dial again elsewhere
  virtual void released(LegId leg, int cause, bool by_far, std::string_view why) = 0;
  virtual void channel_tone(int channel, std::string_view tone) = 0;  // what the line itself must play: dial busy congestion howler, "" = nothing
  virtual void station_state(const std::string& station, bool off_hook, bool in_service) = 0;
  virtual void d_channel(bool up) = 0;
  virtual void frame(bool sent, std::span<const std::uint8_t> frame) = 0;  // each Q.921 frame, without FCS, for the trace
};

// One span's signalling. A command for a leg or in a state where it makes no sense does nothing but count.
class Signalling {
 public:
  virtual ~Signalling() = default;
  virtual void start() = 0;                        // board_core has set everything up; events may come from now on
  virtual void booked(LegId leg) = 0;              // the Offered is durable (or spooled): answer the SETUP, then what was kept back
  virtual void alert(LegId leg) = 0;
  virtual void progress(LegId leg) = 0;            // in-band information before the answer; nothing on an analog line
  virtual void answer(LegId leg) = 0;
  virtual void clear(LegId leg, int cause) = 0;
  virtual void flash(LegId leg) = 0;                                                         // FXO
  virtual bool dial(LegId leg, int channel, const std::string& calling, const std::string& called) = 0;  // trunk, FXO; false: channel not idle
  virtual bool ring(LegId leg, int channel, const std::string& calling, const std::string& name) = 0;    // FXS; false: not idle
  virtual void digit_heard(LegId leg) = 0;          // FXS: a DTMF digit came: dial tone stops
  virtual void set_alone(bool alone) = 0;           // ctid is away: FXS gives congestion tone instead of dial tone
  virtual void restart(int channel) = 0;            // Q.931 5.5
  virtual void busyout(int channel, bool on) = 0;
  virtual ChannelState channel_state(int channel) const = 0;
  virtual std::vector<int> channels() const = 0;    // that carry calls, ascending
  virtual board::LegState leg_state(LegId leg) const = 0;
  virtual bool in_service() const = 0;              // D channel up / carrier there
  virtual std::map<std::string, std::uint64_t> counters() const { return {}; }  // since the start, for the snapshot
};

std::unique_ptr<Signalling> make_pri(Timers& timers, SpanDriver& span, const PriConfig& config, Observer& observer);
std::unique_ptr<Signalling> make_fxs(Timers& timers, SpanDriver& span, const FxsConfig& config, Observer& observer);
std::unique_ptr<Signalling> make_fxo(Timers& timers, SpanDriver& span, const FxoConfig& config, Observer& observer);

}  // namespace sr::sig
