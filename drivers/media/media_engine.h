// The heart of the media plane: what each slot sends is decided here once per tick of 20 ms. No clock, no allocation, no lock, no
// log, no file, no exception after construction; all arrays are sized for the spans at start. The work is proportional to the
// slots that are open, not to those that exist.
// Who listens to another slot may be heard as well (listening.cc): that lies over the sources, so nobody's connection changes by it.
// A slot has exactly one source: silence, clips, a tone, the music, a connected leg, a conference, or what another slot hears and
// says. Clips and tones that end by themselves give way to the connection, conference or listening that the slot still has.
// While DTMF is sent it takes the place of the source; clips and tones stand still meanwhile.
// Samples stay A-law bytes; they are decoded for detectors and mixers only.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <span>
#include <vector>

#include "drivers/base/spsc_ring.h"
#include "drivers/base/result.h"
#include "drivers/media/activity.h"
#include "drivers/media/conference.h"
#include "drivers/media/dtmf.h"
#include "drivers/media/dtmf_gate.h"
#include "drivers/media/media.h"
#include "drivers/media/record_pool.h"
#include "drivers/media/tone_gen.h"

namespace sr::media {

inline constexpr int kSlotsPerSpan = kSpanChannelsMax + 1;

class MediaEngine {
 public:
  // `music` is as long as the process; its last block that is not full is left out.
  MediaEngine(std::size_t spans, Clip music, RecordTap& records, SpscRing<Event>& events);

  static Slot slot(int span, int channel) { return static_cast<Slot>(span * kSlotsPerSpan + channel); }

  // A command for a slot that is not open (but Open), or that cannot be, does nothing but count. A recording that cannot begin ends at once.
  void apply(const Command& command);
  // in[i]: span i's block, nullptr when it has none. out[i] is written: a channel that sends nothing is not present.
  void tick(std::span<const SpanAudio* const> in, std::span<SpanAudio> out);

  std::size_t open_slots() const { return active_.size(); }
  // Whom `slot` is connected to, when neither is recorded, listened to, detected on or sent anything else: then nobody needs their
  // samples here. Slot::none otherwise.
  Slot alone_with(Slot slot) const;
  bool connected(Slot a, Slot b) const { return is_open(a) && states_[index(a)].source == Source::connected && states_[index(a)].peer == b; }
  std::uint32_t open_channels(int span) const { return open_[static_cast<std::size_t>(span)]; }  // bit n: channel n
  std::uint64_t commands_refused() const { return refused_; }
  std::uint64_t events_lost() const { return events_lost_; }

 private:
  enum class Source : std::uint8_t { silence, clips, tone, music, connected, conference, listen };
  struct State {  // what every tick looks at
    bool open = false, dtmf = false, activity = false, barge_in = false, only_connected = false;
    Source source = Source::silence;
    std::uint8_t dtmf_tail = 0;         // blocks that the receiver still wants to see
    bool dtmf_before = false;           // before_ holds the block before, which the receiver has not seen
    Slot peer = Slot::none, target = Slot::none;
    std::uint16_t conference = kNoConference;
    std::uint8_t digits = 0, digit_at = 0, digit_tick = 0;  // DTMF to send
    std::uint32_t place = 0;            // in active_
    std::uint32_t music_shift = 0;      // samples that its music is ahead of everybody's
    std::uint16_t listeners = 0;        // slots whose target it is
    std::uint16_t coaches = 0, bargers = 0;  // those of them whom it hears; those whom its own hearers hear, too
    ListenAs listens_as = ListenAs::listen;  // to `target`
    bool voiced = false;                // voices_ holds what it says in this tick, with its bargers
    ActivityDetector detector;
  };
  struct Playing {
    std::uint32_t play = 0, offset = 0, played = 0;  // samples
    std::uint8_t count = 0, at = 0;
    std::array<Clip, kPlayItemsMax> clips{};
  };

  std::size_t index(Slot slot) const { return static_cast<std::size_t>(slot); }
  bool is_open(Slot slot) const { return index(slot) < states_.size() && states_[index(slot)].open; }
  const Block* input(std::size_t i) const;
  const Block* voice(std::size_t i) const { return states_[i].bargers == 0 ? input(i) : states_[i].voiced ? &voices_[i] : nullptr; }
  bool only_bridged(std::size_t i) const;

  void on(const cmd::Open& c);
  void on(const cmd::Close& c);
  void on(const cmd::Play& c);
  void on(const cmd::PlayTone& c);
  void on(const cmd::Music& c);
  void on(const cmd::Silence& c);
  void on(const cmd::SendDtmf& c);
  void on(const cmd::Detect& c);
  void on(const cmd::Connect& c);
  void on(const cmd::Disconnect& c);
  void on(const cmd::Join& c);
  void on(const cmd::Listen& c);
  void on(const cmd::Record& c);
  void on(const cmd::StopRecord& c);

  void close(std::size_t i);
  void leave(std::size_t i);                            // connection, conference, listening
  void count_listener(const State& listener, int by);
  void set_source(std::size_t i, Source source);        // ends clips with `stopped`
  void rest(std::size_t i);                             // what is left when clips or a tone are over
  void end_play(std::size_t i, evt::PlayEnd end);
  void end_record(std::size_t i);
  void emit(const Event& event);

  void detect(std::size_t i);
  DtmfReceiver::Heard hear_digits(std::size_t i, const Samples* heard, const GateView& view);
  void mix_conferences();
  void send(std::size_t i);
  bool send_digits(std::size_t i);
  bool send_clips(std::size_t i, Block& out);
  void join_voices();                                   // of who barges in, with that of his target
  void send_listener(std::size_t i);
  void coach();
  void record(std::size_t i);
  Block& output(std::size_t i) { return out_[i / kSlotsPerSpan].blocks[i % kSlotsPerSpan]; }
  void present(std::size_t i) { out_[i / kSlotsPerSpan].present |= 1U << (i % kSlotsPerSpan); }

  const Clip music_;
  const DtmfDigits digits_;
  const DtmfGate gate_;
  const std::uint32_t activity_threshold_, dtmf_threshold_;
  RecordTap& records_;
  SpscRing<Event>& events_;

  std::vector<State> states_;
  std::vector<Playing> playing_;
  std::vector<TonePlayer> tones_;
  std::vector<std::array<char, kDigitsMax>> to_send_;
  std::vector<DtmfReceiver> receivers_;
  std::vector<Block> before_, voices_;
  std::vector<std::uint16_t> active_;   // open slots
  std::vector<std::uint32_t> open_;     // the same, a bit per channel of each span
  Conferences conferences_;
  std::size_t listeners_ = 0, coaches_ = 0, bargers_ = 0;
  std::uint32_t music_at_ = 0;
  std::span<const SpanAudio* const> in_;  // of the running tick
  std::span<SpanAudio> out_;
  std::uint64_t refused_ = 0, events_lost_ = 0;
};

}  // namespace sr::media
