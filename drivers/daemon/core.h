// What BoardCore is made of; nobody outside this folder includes it. One class, one file per side of it:
//   board_core.cc    start, attach, detach, stop, delivery of events
//   core_line.cc     commands to the line          core_media.cc   commands to and events from the media engine
//   core_observer.cc what signalling reports       core_booking.cc acknowledgements, the spool, the 500 ms
//   core_alone.cc    while ctid is away            core_tests.cc   the technician's tests        core_snapshot.cc
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <set>
#include <span>
#include <unordered_map>

#include "drivers/daemon/alarm_clear.h"
#include "drivers/daemon/alone.h"
#include "drivers/daemon/audio_tap.h"
#include "drivers/daemon/board_core.h"
#include "drivers/daemon/busy_meter.h"
#include "drivers/daemon/channel_pick.h"
#include "drivers/daemon/event_log.h"
#include "drivers/daemon/leg_table.h"

namespace sr::daemon {

class Core;
std::vector<int> channels_in(std::uint32_t mask);  // bit n: channel n; ascending

// One span with its signalling; turns the observer's channel numbers into (span, channel).
class SpanUnit final : public sig::Observer {
 public:
  SpanUnit(Core& core, int place) : core_(core), index(place) {}
  LegId new_leg() override;
  void offered(LegId leg, int channel, int crv, const std::string& calling, const std::string& called, bool complete) override;
  void number_complete(LegId leg, const std::string& called) override;
  void initiated(LegId leg, int channel, const std::string& station) override;
  void seized(LegId leg, int channel, int crv) override;
  void proceeding(LegId leg) override;
  void alerting(LegId leg) override;
  void progress_audio(LegId leg) override;
  void answered(LegId leg) override;
  void flashed(LegId leg) override;
  void glare_lost(LegId leg) override;
  void released(LegId leg, int cause, bool by_far, std::string_view why) override;
  void channel_tone(int channel, std::string_view tone) override;
  void station_state(const std::string& station, bool off_hook, bool in_service) override;
  void d_channel(bool up) override;
  void frame(bool sent, std::span<const std::uint8_t> frame) override;

 private:
  Core& core_;

 public:
  struct Station { std::string number; bool off_hook = false, in_service = true, told = false; };
  const int index;
  int media_span = 0;
  std::string name, group;
  SpanKind kind = SpanKind::e1;
  board::LineKind line = board::LineKind::trunk;
  bool network_side = false;
  SpanDriver* driver = nullptr;
  std::unique_ptr<sig::Signalling> sig;
  std::unique_ptr<AudioTap> tap;
  std::uint32_t channels = 0, busied_out = 0;       // bit n: channel n
  std::uint32_t in_test = 0, looped = 0;            // a looped channel is in a test too
  bool board_loops = false;                         // the whole span, by itself
  std::vector<board::AlarmNote> history;
  std::array<std::uint64_t, kSpanChannelsMax + 1> left{};  // channel_pick.h
  std::set<board::AlarmKind> alarms;
  LineFault fault;
  TimerId fault_timer = TimerId::none;
  BusyMeter meter;
  std::uint32_t told_open = 0;                      // evt::Channels
  std::array<std::string, kSpanChannelsMax + 1> line_tone;
  std::vector<Station> stations;
};

class Core {
 public:
  Core(Timers& timers, media::MediaPort& media, Spool& spool, DTrace* trace, BoardConfig config, std::vector<SpanSetup> spans,
       const MakeSignalling& make);
  ~Core();

  // board_core.cc
  void start();
  void attach(BoardListener& listener);
  void detach();
  void stop(std::function<void()> done);
  std::uint64_t emit(board::Event event);  // its seq; 0: dropped, the list is full

  // core_line.cc, core_media.cc, core_booking.cc: one overload per command
  void run(const board::cmd::Ack& c);
  void run(const board::cmd::SetTag& c);
  void run(const board::cmd::Alert& c);
  void run(const board::cmd::Progress& c);
  void run(const board::cmd::Answer& c);
  void run(const board::cmd::Clear& c);
  void run(const board::cmd::Dial& c);
  void run(const board::cmd::Ring& c);
  void run(const board::cmd::Flash& c);
  void run(const board::cmd::Play& c);
  void run(const board::cmd::Tone& c);
  void run(const board::cmd::Music& c);
  void run(const board::cmd::Silence& c);
  void run(const board::cmd::SendDtmf& c);
  void run(const board::cmd::Detect& c);
  void run(const board::cmd::Connect& c);
  void run(const board::cmd::Disconnect& c);
  void run(const board::cmd::Join& c);
  void run(const board::cmd::Listen& c);
  void run(const board::cmd::Record& c);
  void run(const board::cmd::StopRecord& c);
  void run(const board::cmd::Busyout& c);
  void run(const board::cmd::Restart& c);

  // core_tests.cc
  Result<board::TestId> begin_test(const board::LineTest& what, board::TestSink tell);
  void end_test(board::TestId id);

  board::Snapshot snapshot() const;

 private:
  friend class SpanUnit;
  friend class BoardCore;

  // board_core.cc
  void deliver();
  void deliver_batch();
  void after_delivery();
  void add_unit(const SpanSetup& setup, const MakeSignalling& make);
  SpanUnit& unit(const Leg& leg) { return *units_[static_cast<std::size_t>(leg.span)]; }
  sig::Signalling& line(const Leg& leg) { return *unit(leg).sig; }
  void alarm(SpanUnit* unit, board::AlarmKind kind, bool raised);
  void settle_stop();
  void greet();
  TimerId later(Duration d, std::function<void()> run);  // not after the end of this object

  // core_line.cc
  Leg* known(LegId id);                        // counts a late command
  Leg* new_outgoing(LegId id, const board::Tag& tag, board::LineKind kind);
  bool dial_somewhere(Leg& leg);               // false: no free channel
  std::string why_no_channel(const std::string& group);
  bool dial_on(Leg& leg, int span, int channel);
  void dial_again(LegId id);
  std::uint32_t usable(const SpanUnit& unit) const;
  SpanUnit* unit_named(std::string_view name);
  void never_began(Leg& leg, int cause, std::string_view why);

  // core_observer.cc
  void on_offered(SpanUnit& unit, LegId id, int channel, int crv, const std::string& calling, const std::string& called, bool complete);
  void on_seized(SpanUnit& unit, LegId id, int channel, int crv);
  void on_initiated(SpanUnit& unit, LegId id, int channel, const std::string& station);
  void on_answered(LegId id);
  void on_glare_lost(LegId id);
  void on_released(LegId id, int cause, bool by_far, std::string_view why);
  void on_channel_tone(SpanUnit& unit, int channel, std::string_view tone);
  void on_station_state(SpanUnit& unit, const std::string& station, bool off_hook, bool in_service);
  void on_d_channel(SpanUnit& unit, bool up);
  void on_span_alarm(SpanUnit& unit, SpanAlarm alarm, bool raised);
  void settle_alarms(SpanUnit& unit);
  void take_channel(Leg& leg, int span, int channel);   // the leg's place in the media engine opens
  void leave_channel(Leg& leg);                         // … and closes
  void measure_busy(SpanUnit& unit);
  void measure_group(SpanUnit& unit);
  std::uint32_t open_channels(const SpanUnit& unit) const;  // that could carry a call of ctid's now

  // core_booking.cc
  void await_booking(std::uint64_t seq);
  void booking_due();
  void arm_booking();
  void spool(const board::Envelope& event);
  void spooled(LegId id, Kept kept);
  void book(Leg& leg);
  void acknowledge(std::uint64_t epoch, std::uint64_t seq);

  // core_media.cc
  void on_media_event(const media::Event& event);
  void on_record_done(const media::RecordDone& done);
  bool tell(const media::Command& command);             // false: the ring is full (counted, alarmed)
  media::Slot slot(const Leg& leg) const;
  media::Slot slot(const SpanUnit& unit, int channel) const { return media_.slot(unit.media_span, channel); }
  Leg* leg_of(media::Slot slot);
  void play(Leg& leg, std::uint32_t play, const std::vector<std::string>& prompts, bool barge_in, bool ours);
  void play_tone(Leg& leg, const std::string& tone, Hears as);
  void start_music(Leg& leg, int from_ms = -1);
  void hush(Leg& leg);
  void part(Leg& leg);                                  // out of its connection or conference
  void leave_conference(Leg& leg);
  void refresh_detect(Leg& leg);
  void stop_record(Leg& leg, bool released);
  void line_tone(SpanUnit& unit, int channel);
  void connect_media(Leg& a, Leg& b);

  // core_tests.cc
  struct RunningTest {
    board::TestSink tell;
    LegId leg{};                                        // a test call
    SpanUnit* unit = nullptr;
    int channel = 0;
    std::uint32_t bert = 0, meter = 0;
    TimerId timer = TimerId::none;
  };
  Result<board::TestId> begin(const board::test::Call& c, board::TestSink tell);
  Result<board::TestId> begin(const board::test::Level& c, board::TestSink tell);
  Result<board::TestId> begin(const board::test::Loopback& c, board::TestSink tell);
  Result<board::TestId> begin(const board::test::Bert& c, board::TestSink tell);
  board::TestId add_test(RunningTest t);
  void tell_tester(LegId leg, board::Event event);
  Result<SpanUnit*> unit_with(const std::string& span, int channel);  // channel 0: whichever
  Status take_for_test(SpanUnit& unit, std::uint32_t channels);
  void release_from_test(SpanUnit& unit, std::uint32_t channels);
  void settle_tap(SpanUnit& unit);
  void report_each(board::TestId id, Duration every);
  board::TestReport report_of(const RunningTest& test) const;

  // core_alone.cc
  bool alone() const { return listener_ == nullptr && started_ && config_.durable; }
  void begin_alone();
  void end_alone();
  void alone_do(Leg& leg, Happening what);
  void alone_event(LegId leg, std::string_view act);
  void alone_others(LegId gone, const board::Tag& tag, LegId partner);

  Timers& timers_;
  media::MediaPort& media_;
  Spool& spool_;
  DTrace* trace_;
  BoardConfig config_;
  std::vector<std::unique_ptr<SpanUnit>> units_;
  struct TrunkGroup { std::vector<int> spans; Hunt hunt = Hunt::descending; PickedChannel last{}; BusyMeter meter{}; };  // spans in the profile's order
  std::map<std::string, TrunkGroup, std::less<>> groups_;
  std::uint64_t channels_left_ = 0;
  std::unordered_map<std::string, std::pair<int, int>> stations_;                      // number → span, channel
  std::unordered_map<std::uint16_t, std::pair<int, int>> slots_;                       // media slot → span, channel
  LegTable legs_;
  EventLog log_;
  CoreCounters counters_;

  BoardListener* listener_ = nullptr;
  bool started_ = false, delivering_ = false, live_ = false;
  TimerId delivery_ = TimerId::none;
  std::uint64_t ack_epoch_ = 0, ack_seq_ = 0;  // came while an event was being delivered

  struct Unbooked { std::uint64_t seq; Instant due; };
  std::deque<Unbooked> unbooked_;               // in the order of seq
  TimerId booking_ = TimerId::none;

  struct PlayRef { LegId leg; std::uint32_t play; bool ours; };
  std::unordered_map<std::uint32_t, PlayRef> plays_;     // by the number the engine knows
  std::uint32_t last_play_ = 0;
  struct RecordRef { LegId leg; std::string file; bool released = false; };
  std::unordered_map<std::uint32_t, RecordRef> records_;
  std::unordered_map<std::uint32_t, std::size_t> conferences_;
  std::uint64_t last_leg_ = 0;
  std::unordered_multimap<std::uint64_t, LegId> same_call_;  // while alone: ctid's call → its legs
  bool ring_full_ = false;
  std::vector<board::AlarmNote> history_;                    // of the board itself
  std::map<board::TestId, RunningTest> tests_;
  std::uint64_t last_test_ = 0, last_test_leg_ = 0;

  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool stopping_ = false;
  std::function<void()> stopped_;
  TimerId stop_timer_ = TimerId::none;
};

}  // namespace sr::daemon
