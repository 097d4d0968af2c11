// A caller and an agent who talk, and supervisors who listen to the agent's side.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/law.h"
#include "tests/drivers/media/engine_rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

namespace {
constexpr int kCaller = 1, kAgent = 2, kBoss = 3, kOther = 4;

Block pattern(int seed) {  // every byte of the law
  Block b{};
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<std::uint8_t>(static_cast<int>(i) * 11 + seed * 53);
  return b;
}
Block sum_of(std::initializer_list<Block> voices) {  // by definition: added as numbers, saturated, coded once
  Block out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    int sum = 0;
    for (const Block& v : voices) sum += alaw_decode(v[i]);
    out[i] = alaw_encode(static_cast<std::int16_t>(std::clamp(sum, -32'768, 32'767)));
  }
  return out;
}
}  // namespace

TEST_GROUP(Listening) {
  std::unique_ptr<EngineRig> box = std::make_unique<EngineRig>();
  EngineRig& rig = *box;
  Block caller = pattern(1), agent = pattern(2), boss = pattern(3);

  void setup() override {
    for (const int c : {kCaller, kAgent, kBoss, kOther}) rig.open(c);
    rig.apply(cmd::Connect{rig.slot(kCaller), rig.slot(kAgent)});
    speak();
  }
  void speak() {
    rig.say(kCaller, caller);
    rig.say(kAgent, agent);
    rig.say(kBoss, boss);
  }
  void listens(ListenAs as, int who = kBoss, int target = kAgent) { rig.apply(cmd::Listen{rig.slot(who), rig.slot(target), as}); }
  void hears(int who, const Block& what) const {
    CHECK_TRUE(rig.heard(who).has_value());
    MEMCMP_EQUAL(what.data(), rig.heard(who)->data(), what.size());
  }
  void hears_nothing(int who) const { CHECK_FALSE(rig.heard(who).has_value()); }
};

TEST(Listening, who_listens_hears_both_and_is_heard_by_nobody) {
  listens(ListenAs::listen);
  rig.tick();
  hears(kBoss, sum_of({agent, caller}));
  hears(kCaller, agent);
  hears(kAgent, caller);
}

TEST(Listening, a_whisper_is_heard_by_the_agent_alone) {
  listens(ListenAs::whisper);
  rig.tick();
  hears(kBoss, sum_of({agent, caller}));  // without himself
  hears(kCaller, agent);
  hears(kAgent, sum_of({caller, boss}));
}

TEST(Listening, who_barges_in_is_heard_by_both_and_hears_both) {
  listens(ListenAs::barge);
  rig.tick();
  hears(kBoss, sum_of({agent, caller}));
  hears(kCaller, sum_of({agent, boss}));
  hears(kAgent, sum_of({caller, boss}));
}

TEST(Listening, a_voice_alone_passes_bit_by_bit) {
  rig.in[0].present = 1U << kBoss;
  listens(ListenAs::whisper);
  rig.tick();
  hears(kAgent, boss);
  hears_nothing(kCaller);
  hears_nothing(kBoss);
  listens(ListenAs::barge);
  rig.tick();
  hears(kCaller, boss);
  hears(kAgent, boss);
}

TEST(Listening, the_sum_saturates) {
  caller = agent = boss = filled(alaw_encode(30'000));
  speak();
  listens(ListenAs::barge);
  rig.tick();
  hears(kCaller, filled(alaw_encode(32'767)));
  hears(kAgent, filled(alaw_encode(32'767)));
}

TEST(Listening, it_is_the_same_on_mu_law_lines) {
  using namespace dahdi;
  const Block said_by_caller = pattern(7), said_by_boss = pattern(9);  // µ-law, as it comes from the wire
  caller = said_by_caller;
  boss = said_by_boss;
  translate(caller, kMulawToAlaw);
  translate(boss, kMulawToAlaw);
  speak();
  listens(ListenAs::whisper);
  rig.tick();
  hears(kAgent, sum_of({caller, boss}));
  hears(kCaller, agent);
  Block out = *rig.heard(kCaller);
  translate(out, kAlawToMulaw);
  for (std::size_t i = 0; i < out.size(); ++i) LONGS_EQUAL(kAlawToMulaw[agent[i]], out[i]);
  rig.in[0].present = 1U << kBoss;
  rig.tick();
  out = *rig.heard(kAgent);
  translate(out, kAlawToMulaw);  // alone: what a µ-law line makes of an A-law voice, nothing more
  for (std::size_t i = 0; i < out.size(); ++i) LONGS_EQUAL(kAlawToMulaw[kMulawToAlaw[said_by_boss[i]]], out[i]);
}

// 1000 ticks with other bytes in each, while somebody comes, whispers, comes again and goes.
TEST(Listening, caller_and_agent_lose_no_sample_when_a_listener_comes_and_goes) {
  for (int t = 0; t < 1000; ++t) {
    caller = pattern(t);
    agent = pattern(t + 77);
    speak();
    switch (t % 10) {
      case 2: listens(ListenAs::listen); break;
      case 4: listens(ListenAs::whisper); break;
      case 5: listens(ListenAs::listen, kOther); break;
      case 6: listens(ListenAs::listen); break;
      case 7: rig.apply(cmd::Disconnect{rig.slot(kBoss)}); break;
      case 8:
        rig.apply(cmd::Close{rig.slot(kOther)});
        rig.open(kOther);
        break;
      default: break;
    }
    rig.tick();
    hears(kCaller, agent);
    const bool whispered = t % 10 == 4 || t % 10 == 5;
    hears(kAgent, whispered ? sum_of({caller, boss}) : caller);
  }
}

TEST(Listening, a_mode_is_changed_without_a_gap_for_the_listener) {
  for (const auto as : {ListenAs::listen, ListenAs::barge, ListenAs::whisper, ListenAs::listen, ListenAs::whisper}) {
    listens(as);
    rig.tick();
    hears(kBoss, sum_of({agent, caller}));
    hears(kCaller, as == ListenAs::barge ? sum_of({agent, boss}) : agent);
    hears(kAgent, as == ListenAs::listen ? caller : sum_of({caller, boss}));
  }
}

TEST(Listening, a_tone_to_the_listener_stops_neither_his_voice_nor_his_listening) {
  listens(ListenAs::whisper);
  rig.apply(cmd::PlayTone{rig.slot(kBoss), {.steps = {ToneStep{.freq1 = 1000, .ms = 20}}, .count = 1, .repeat = false}});
  rig.tick();
  hears(kAgent, sum_of({caller, boss}));
  rig.tick();
  rig.tick();
  hears(kBoss, sum_of({agent, caller}));
}

TEST(Listening, the_recording_of_the_caller_has_what_he_hears_and_no_whisper) {
  rig.apply(cmd::Record{rig.slot(kCaller), 5, false});
  listens(ListenAs::whisper);
  rig.tick();
  listens(ListenAs::barge);
  rig.tick();
  rig.apply(cmd::StopRecord{rig.slot(kCaller)});
  RecordPiece piece;
  CHECK_TRUE(rig.pool.next(piece));
  UNSIGNED_LONGS_EQUAL(2 * kRecordBlockBytes, piece.bytes);
  const std::uint8_t* recorded = rig.pool.bytes(piece.chunk);
  const Block barged = sum_of({agent, boss});
  for (std::size_t i = 0; i < 2 * kBlockSamples; ++i) {
    LONGS_EQUAL(caller[i % kBlockSamples], recorded[2 * i]);
    LONGS_EQUAL((i < kBlockSamples ? agent : barged)[i % kBlockSamples], recorded[2 * i + 1]);
  }
}

TEST(Listening, he_goes_with_the_agent_into_a_hold_and_a_conference) {
  listens(ListenAs::barge);
  rig.apply(cmd::Disconnect{rig.slot(kAgent)});
  rig.apply(cmd::Music{rig.slot(kCaller)});
  rig.tick();
  hears(kAgent, boss);
  hears(kBoss, agent);
  MEMCMP_EQUAL(rig.music.data(), rig.heard(kCaller)->data(), 160);
  const Block third = pattern(8);
  rig.open(5);
  rig.say(5, third);
  for (const int c : {kCaller, kAgent, 5}) rig.apply(cmd::Join{rig.slot(c), 1, true});
  rig.tick();
  hears(kBoss, sum_of({agent, sum_of({caller, third})}));
  hears(kAgent, sum_of({sum_of({caller, third}), boss}));
  hears(5, sum_of({caller, sum_of({agent, boss})}));
}

TEST(Listening, two_supervisors_at_one_agent_hear_each_other_as_they_are_heard) {
  const Block other = pattern(12);
  rig.say(kOther, other);
  listens(ListenAs::whisper);
  listens(ListenAs::listen, kOther);
  rig.tick();
  hears(kOther, sum_of({agent, caller, boss}));
  hears(kBoss, sum_of({agent, caller}));
  listens(ListenAs::barge, kOther);
  rig.tick();
  hears(kAgent, sum_of({caller, boss, other}));
  hears(kCaller, sum_of({agent, other}));
  hears(kBoss, sum_of({agent, caller, other}));
}

TEST(Listening, when_any_of_the_three_goes_the_others_are_as_without_him) {
  listens(ListenAs::barge);
  rig.apply(cmd::Close{rig.slot(kBoss)});
  rig.tick();
  hears(kCaller, agent);
  hears(kAgent, caller);
  rig.open(kBoss);
  listens(ListenAs::barge);
  rig.apply(cmd::Close{rig.slot(kCaller)});
  rig.tick();
  hears(kAgent, boss);
  hears(kBoss, agent);
  rig.apply(cmd::Close{rig.slot(kAgent)});
  rig.tick();
  hears_nothing(kBoss);
  rig.open(kCaller);
  rig.apply(cmd::Connect{rig.slot(kCaller), rig.slot(kBoss)});  // nothing is left over
  rig.tick();
  hears(kCaller, boss);
  hears(kBoss, caller);
}
