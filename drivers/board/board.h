// The seam between the wires and the rules. boardd implements it over spans, libpri and the media engine; ctid drives it.
// The same interface is in-process (the World), remote (board_client over the board link) or a fake that records.
//
// A Leg is one call on one channel (a B channel of a trunk or an analog line). boardd numbers the legs that the line begins
// (1, 2, …); ctid numbers the legs it begins itself (Dial, Ring) from kCtidLegBase upwards and never reuses a number.
// Every command names its leg; a command for a leg that is no longer there is answered by nothing: it has been Released.
// Thread: the reactor's. Times are on the scale of base/time.h, JSON carries microseconds. Durations end in _ms where they
// are configuration. Clauses: Q.931 (signalling), Q.850 (cause values), ECMA-269 (the words of the CSTA model above).
// docs/protocol-board.md is this file in words; board/codec.cc is it in JSON.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/base/time.h"

namespace sr {

enum class LegId : std::uint64_t { none = 0 };
inline constexpr std::uint64_t kCtidLegBase = std::uint64_t{1} << 52;  // + (incarnation of ctid << 32) + kPhoneLeg + counter; fits 2^53
inline constexpr std::uint64_t kPhoneLeg = std::uint64_t{1} << 31;      // at a phone of an agent's: so it is known also where a trunk leads there
inline constexpr std::uint64_t kIncarnationsMax = 1 << 20;              // then the numbers begin anew
inline std::uint64_t to_number(LegId id) { return static_cast<std::uint64_t>(id); }

namespace board {

// What ctid's call is doing, so that boardd can act alone while ctid is away (docs/protocol-board.md, "Alone").
BOOST_DEFINE_ENUM_CLASS(Mode, none, script, queued, alerting, connected)
BOOST_DEFINE_ENUM_CLASS(LineKind, trunk, station, line)  // B channel; FXS (a phone hangs here); FXO (a line of the exchange)
BOOST_DEFINE_ENUM_CLASS(LegState, null, offered, overlap, proceeding, alerting, connected, initiated, dialing, delivered, clearing)
BOOST_DEFINE_ENUM_CLASS(PlayEnd, done, barged, stopped, failed)
BOOST_DEFINE_ENUM_CLASS(RecordPolicy, whole, agent)
BOOST_DEFINE_ENUM_CLASS(RecordEnd, done, disk_low, failed, released)
BOOST_DEFINE_ENUM_CLASS(AlarmKind, red, yellow, blue, los, d_channel_down, clock, disk_low, record_lost, ring_full)
BOOST_DEFINE_ENUM_CLASS(ConferenceRole, talk, listen)
BOOST_DEFINE_ENUM_CLASS(ListenAs, listen, whisper, barge)  // not heard; heard by the target alone; by the target and by whoever hears it

struct Tag {  // ctid's own mark on a leg, given back in the snapshot
  std::uint64_t call = 0;
  Mode mode = Mode::none;
};
BOOST_DESCRIBE_STRUCT(Tag, (), (call, mode))

// ---- commands, ctid → boardd ----------------------------------------------------------------------------------------
namespace cmd {

// Everything up to and including `seq` of `epoch` is durable at ctid: boardd may forget it, and may now send the first
// Q.931 reply to the SETUPs among it.
struct Ack { static constexpr std::string_view kName = "ack"; std::uint64_t epoch = 0; std::uint64_t seq = 0; };
BOOST_DESCRIBE_STRUCT(Ack, (), (epoch, seq))

struct SetTag { static constexpr std::string_view kName = "set_tag"; LegId leg{}; Tag tag; };
BOOST_DESCRIBE_STRUCT(SetTag, (), (leg, tag))

// Q.931 ALERTING, CONNECT, DISCONNECT/RELEASE COMPLETE. Before the Offered is durable they are kept until it is.
struct Alert { static constexpr std::string_view kName = "alert"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(Alert, (), (leg))
// Q.931 PROGRESS with indicator 8: the caller hears what the leg says before it is answered (and after, as always).
struct Progress { static constexpr std::string_view kName = "progress"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(Progress, (), (leg))
struct Answer { static constexpr std::string_view kName = "answer"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(Answer, (), (leg))
struct Clear { static constexpr std::string_view kName = "clear"; LegId leg{}; int cause = 16; };  // Q.850; a phone gets busy tone
BOOST_DESCRIBE_STRUCT(Clear, (), (leg, cause))

// A new outgoing leg on a trunk group (the channel is boardd's choice) or on an FXO line group.
// `group` may also be "span/channel" (a slash and the channel number): exactly that line or channel, and nowhere else – how one
// certain phone of an FXO bank goes off-hook. An FXO leg is Answered as soon as it has seized its line.
struct Dial { static constexpr std::string_view kName = "dial"; LegId leg{}; std::string group; std::string calling; std::string called; Tag tag; };
BOOST_DESCRIBE_STRUCT(Dial, (), (leg, group, calling, called, tag))
// A new leg that rings a station; Answered when it goes off-hook, Released (cause 17) if it is not idle.
struct Ring { static constexpr std::string_view kName = "ring"; LegId leg{}; std::string station; std::string calling; std::string name; Tag tag; };
BOOST_DESCRIBE_STRUCT(Ring, (), (leg, station, calling, name, tag))
// FXO side only (callgen's phones and FXO trunks): hook-flash.
struct Flash { static constexpr std::string_view kName = "flash"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(Flash, (), (leg))

// What the leg hears. Exactly one source at a time; a new one replaces the old one (which ends with PlayEnded/stopped).
struct Play { static constexpr std::string_view kName = "play"; LegId leg{}; std::uint32_t play = 0; std::vector<std::string> prompts; bool barge_in = false; };  // ≤ kPlayItemsMax prompts "lang/name"
BOOST_DESCRIBE_STRUCT(Play, (), (leg, play, prompts, barge_in))
struct Tone { static constexpr std::string_view kName = "tone"; LegId leg{}; std::string tone; };  // dial ringback busy congestion unobtainable howler beep beep2 beep3 beep_low, or "f=440" / "f=440+480"
BOOST_DESCRIBE_STRUCT(Tone, (), (leg, tone))
struct Music { static constexpr std::string_view kName = "music"; LegId leg{}; std::optional<int> from_ms{}; };  // from there on; none: from where everybody hears it
BOOST_DESCRIBE_STRUCT(Music, (), (leg, from_ms))
struct Silence { static constexpr std::string_view kName = "silence"; LegId leg{}; };  // stop whatever it hears
BOOST_DESCRIBE_STRUCT(Silence, (), (leg))
struct SendDtmf { static constexpr std::string_view kName = "send_dtmf"; LegId leg{}; std::string digits; };  // 80 ms on, 80 ms off each; ',' = 500 ms; then the former source again
BOOST_DESCRIBE_STRUCT(SendDtmf, (), (leg, digits))
struct Detect { static constexpr std::string_view kName = "detect"; LegId leg{}; bool dtmf = false; bool activity = false; };  // what is reported about its incoming audio
BOOST_DESCRIBE_STRUCT(Detect, (), (leg, dtmf, activity))

struct Connect { static constexpr std::string_view kName = "connect"; LegId a{}; LegId b{}; };  // each hears the other
BOOST_DESCRIBE_STRUCT(Connect, (), (a, b))
struct Disconnect { static constexpr std::string_view kName = "disconnect"; LegId leg{}; };  // out of its connection or conference; both hear silence
BOOST_DESCRIBE_STRUCT(Disconnect, (), (leg))
struct Join { static constexpr std::string_view kName = "join"; LegId leg{}; std::uint32_t conference = 0; ConferenceRole role = ConferenceRole::talk; };  // made by the first, gone with the last; ≤ kConferenceLegsMax
BOOST_DESCRIBE_STRUCT(Join, (), (leg, conference, role))
// Hears both directions of target, whatever it is connected to now or later; `as` says who hears the listener. The target's own
// connection does not change by it. Again with the same target: another `as`, without a gap. Ends with `disconnect` or with either leg.
struct Listen { static constexpr std::string_view kName = "listen"; LegId leg{}; LegId target{}; ListenAs as = ListenAs::listen; };
BOOST_DESCRIBE_STRUCT(Listen, (), (leg, target, as))

// Stereo A-law WAV below the recording directory: left what the leg says, right what it hears. `file` is relative, made of
// [A-Za-z0-9._/-], without "..". Policy agent: samples are written only while the leg is connected to another leg.
struct Record { static constexpr std::string_view kName = "record"; LegId leg{}; std::string file; RecordPolicy policy = RecordPolicy::whole; };
BOOST_DESCRIBE_STRUCT(Record, (), (leg, file, policy))
struct StopRecord { static constexpr std::string_view kName = "stop_record"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(StopRecord, (), (leg))

struct Busyout { static constexpr std::string_view kName = "busyout"; std::string span; int channel = 0; bool on = true; };  // no new calls there
BOOST_DESCRIBE_STRUCT(Busyout, (), (span, channel, on))
struct Restart { static constexpr std::string_view kName = "restart"; std::string span; int channel = 0; };  // Q.931 5.5
BOOST_DESCRIBE_STRUCT(Restart, (), (span, channel))

}  // namespace cmd

using Command = std::variant<cmd::Ack, cmd::SetTag, cmd::Alert, cmd::Progress, cmd::Answer, cmd::Clear, cmd::Dial, cmd::Ring, cmd::Flash, cmd::Play, cmd::Tone,
                             cmd::Music, cmd::Silence, cmd::SendDtmf, cmd::Detect, cmd::Connect, cmd::Disconnect, cmd::Join, cmd::Listen,
                             cmd::Record, cmd::StopRecord, cmd::Busyout, cmd::Restart>;

inline constexpr std::size_t kPlayItemsMax = 32;
inline constexpr std::size_t kConferenceLegsMax = 16;

// ---- events, boardd → ctid ------------------------------------------------------------------------------------------
namespace evt {

// A SETUP arrived, or an FXO line rings. `complete`: the called number needs no more digits. crv: Q.931 call reference.
struct Offered { static constexpr std::string_view kName = "offered"; LegId leg{}; std::string span; int channel = 0; int crv = 0; std::string group; std::string calling; std::string called; bool complete = true; LineKind line = LineKind::trunk; };
BOOST_DESCRIBE_STRUCT(Offered, (), (leg, span, channel, crv, group, calling, called, complete, line))
struct NumberComplete { static constexpr std::string_view kName = "number_complete"; LegId leg{}; std::string called; };  // overlap receiving has ended
BOOST_DESCRIBE_STRUCT(NumberComplete, (), (leg, called))
// A station went off-hook by itself: dial tone is on; its digits follow as Digit.
struct Initiated { static constexpr std::string_view kName = "initiated"; LegId leg{}; std::string span; int channel = 0; std::string station; };
BOOST_DESCRIBE_STRUCT(Initiated, (), (leg, span, channel, station))
struct Seized { static constexpr std::string_view kName = "seized"; LegId leg{}; std::string span; int channel = 0; int crv = 0; };  // the channel that a Dial or Ring got
BOOST_DESCRIBE_STRUCT(Seized, (), (leg, span, channel, crv))
struct Proceeding { static constexpr std::string_view kName = "proceeding"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(Proceeding, (), (leg))
struct Alerting { static constexpr std::string_view kName = "alerting"; LegId leg{}; };  // of an outgoing leg; a station: its bell rings now
BOOST_DESCRIBE_STRUCT(Alerting, (), (leg))
struct Progress { static constexpr std::string_view kName = "progress"; LegId leg{}; };  // of an outgoing leg: there is something to hear before the answer
BOOST_DESCRIBE_STRUCT(Progress, (), (leg))
struct Answered { static constexpr std::string_view kName = "answered"; LegId leg{}; };  // both for outgoing (CONNECT came, off-hook) and incoming (CONNECT was acknowledged or sent)
BOOST_DESCRIBE_STRUCT(Answered, (), (leg))
struct Flashed { static constexpr std::string_view kName = "flashed"; LegId leg{}; };
BOOST_DESCRIBE_STRUCT(Flashed, (), (leg))
// The last event of a leg. by_far: the other end began it. A phone still off-hook after Clear stays boardd's own (busy tone,
// howler) and is reported by StationState.
struct Released { static constexpr std::string_view kName = "released"; LegId leg{}; int cause = 16; bool by_far = false; std::string why; };
BOOST_DESCRIBE_STRUCT(Released, (), (leg, cause, by_far, why))
struct StationState { static constexpr std::string_view kName = "station_state"; std::string station; bool off_hook = false; bool in_service = true; };  // whenever either changes, and once for each station after start
BOOST_DESCRIBE_STRUCT(StationState, (), (station, off_hook, in_service))

struct Digit { static constexpr std::string_view kName = "digit"; LegId leg{}; char digit = '0'; int duration_ms = 0; };  // when it has ended
BOOST_DESCRIBE_STRUCT(Digit, (), (leg, digit, duration_ms))
struct Activity { static constexpr std::string_view kName = "activity"; LegId leg{}; bool on = false; };  // energy on the line, with a 200 ms hangover
BOOST_DESCRIBE_STRUCT(Activity, (), (leg, on))
struct PlayEnded { static constexpr std::string_view kName = "play_ended"; LegId leg{}; std::uint32_t play = 0; PlayEnd end = PlayEnd::done; int played_ms = 0; std::string why; };
BOOST_DESCRIBE_STRUCT(PlayEnded, (), (leg, play, end, played_ms, why))
struct Recorded { static constexpr std::string_view kName = "recorded"; LegId leg{}; std::string file; int duration_ms = 0; RecordEnd end = RecordEnd::done; };
BOOST_DESCRIBE_STRUCT(Recorded, (), (leg, file, duration_ms, end))

struct Alarm { static constexpr std::string_view kName = "alarm"; std::string span; AlarmKind alarm = AlarmKind::red; bool raised = true; };
BOOST_DESCRIBE_STRUCT(Alarm, (), (span, alarm, raised))
struct AllBusy { static constexpr std::string_view kName = "all_busy"; std::string span; Instant since; Duration lasted{}; std::string group{}; int channels = 0; };  // a time with all trunks busy has ended; span empty: of a whole trunk group of so many channels
BOOST_DESCRIBE_STRUCT(AllBusy, (), (span, since, lasted, group, channels))
// Which channels of a trunk or exchange-line span could carry a call now – in service, neither busied out nor in a test – whenever it changes.
struct Channels { static constexpr std::string_view kName = "channels"; std::string span; std::vector<int> usable{}; };
BOOST_DESCRIBE_STRUCT(Channels, (), (span, usable))
struct Alone { static constexpr std::string_view kName = "alone"; LegId leg{}; std::string act; };  // what boardd did by itself while ctid was away
BOOST_DESCRIBE_STRUCT(Alone, (), (leg, act))

}  // namespace evt

using Event = std::variant<evt::Offered, evt::NumberComplete, evt::Initiated, evt::Seized, evt::Proceeding, evt::Alerting, evt::Progress, evt::Answered, evt::Flashed,
                           evt::Released, evt::StationState, evt::Digit, evt::Activity, evt::PlayEnded, evt::Recorded, evt::Alarm, evt::AllBusy,
                           evt::Channels, evt::Alone>;

// epoch: one life of boardd (larger than every earlier one); seq counts from 1 in it without a gap. A spooled event of an
// earlier life keeps its own epoch and seq.
struct Envelope {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  Instant at{};
  Event event;
};

struct LegSnapshot {
  LegId leg{};
  LineKind line = LineKind::trunk;
  std::string span;
  int channel = 0;
  std::string station;
  std::string calling;
  std::string called;
  bool outgoing = false;
  LegState state = LegState::null;
  Tag tag;
  LegId connected_to{};
  bool recording = false;
  Instant since{};
  std::optional<LegId> listens_to{};
  std::optional<ListenAs> listens_as{};
};
BOOST_DESCRIBE_STRUCT(LegSnapshot, (), (leg, line, span, channel, station, calling, called, outgoing, state, tag, connected_to, recording, since, listens_to, listens_as))

// The last changes of alarms, oldest first: of a span at most kAlarmNotesMax, as many of the board itself.
inline constexpr std::size_t kAlarmNotesMax = 16;
struct AlarmNote { AlarmKind alarm = AlarmKind::red; bool raised = true; Instant at{}; };
BOOST_DESCRIBE_STRUCT(AlarmNote, (), (alarm, raised, at))

struct SpanSnapshot {
  std::string span;
  std::string kind;     // "e1", "t1", "fxs", "fxo"
  std::string group;    // trunk group
  bool in_service = false;
  bool d_channel_up = false;
  std::vector<std::string> alarms;
  int channels = 0;     // that carry calls
  int in_use = 0;
  std::map<std::string, std::uint64_t> counters;  // slips, underruns, overruns, frames, bad_frames, glare, restart_received …
  std::vector<int> busied_out{};  // channels, ascending; calls that are still up there go on
  std::vector<int> in_test{};     // looped, or under a bit error test: they take no calls (line_test.h)
  std::vector<AlarmNote> history{};
  std::vector<int> usable{};      // as evt::Channels; not of stations
};
BOOST_DESCRIBE_STRUCT(SpanSnapshot, (), (span, kind, group, in_service, d_channel_up, alarms, channels, in_use, counters, busied_out, in_test, history, usable))

struct StationSnapshot { std::string station; bool off_hook = false; bool in_service = true; };
BOOST_DESCRIBE_STRUCT(StationSnapshot, (), (station, off_hook, in_service))

struct Snapshot {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;  // state after this event
  Instant at{};
  std::vector<LegSnapshot> legs;
  std::vector<SpanSnapshot> spans;
  std::vector<StationSnapshot> stations;
  std::vector<AlarmNote> history{};  // of alarms that no span has: clock, disk_low, ring_full
};
BOOST_DESCRIBE_STRUCT(Snapshot, (), (epoch, seq, at, legs, spans, stations, history))

}  // namespace board

// What ctid is to a Board. Order after (re)connection: on_link(true), then the events that were not acknowledged (also of
// earlier epochs), then on_snapshot once, then live events.
class BoardListener {
 public:
  virtual ~BoardListener() = default;
  virtual void on_link(bool up) = 0;
  virtual void on_event(const board::Envelope& envelope) = 0;
  virtual void on_snapshot(const board::Snapshot& snapshot) = 0;
};

class Board {
 public:
  virtual ~Board() = default;
  virtual void send(const board::Command& command) = 0;
};

}  // namespace sr
