// Bytes to values and back; random bytes never do harm.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/span/soft_packet.h"

#include <cstring>
#include <random>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::soft;
using Bytes = std::vector<std::uint8_t>;

TEST_GROUP(SoftPacket) {
  void refused(Fault fault, const Bytes& bytes) {
    const auto packet = parse(bytes);
    CHECK_FALSE(packet.has_value());
    CHECK(packet.error() == fault);
  }
};

TEST(SoftPacket, a_hello_is_as_documented) {
  const Bytes bytes = encode(Hello{Plane::audio, SpanKind::fxo, 0x01020304, "e1-1"});
  const Bytes expected = {1, 1, 1, 3, 1, 2, 3, 4, 4, 'e', '1', '-', '1'};
  CHECK(bytes == expected);
  const auto packet = parse(bytes);
  const auto& hello = std::get<Hello>(packet.value());
  CHECK(hello.plane == Plane::audio && hello.kind == SpanKind::fxo && hello.session == 0x01020304);
  CHECK(hello.name == "e1-1");
}

TEST(SoftPacket, a_frame_and_a_line_signal_are_as_documented) {
  const Bytes frame = {0x02, 0x01, 0x7F};
  CHECK(encode(Frame{frame}) == (Bytes{3, 0x02, 0x01, 0x7F}));
  const Bytes line = encode(Line{5, LineSignal::caller_id, "138"});
  CHECK(line == (Bytes{4, 5, 7, '1', '3', '8'}));
  const auto packet = parse(line);
  const auto& back = std::get<Line>(packet.value());
  LONGS_EQUAL(5, back.channel);
  CHECK(back.signal == LineSignal::caller_id && back.text == "138");
}

TEST(SoftPacket, an_audio_packet_holds_the_present_channels_only) {
  const auto header = audio_header(0x00000102, (1U << 1) | (1U << 31));
  Bytes bytes(header.begin(), header.end());
  CHECK(bytes == (Bytes{5, 0, 0, 0, 0, 0, 1, 2, 0x80, 0, 0, 2}));
  bytes.resize(kAudioHeader + 2 * kBlockSamples, 0xD5);
  const auto packet = parse(bytes);
  const auto& audio = std::get<Audio>(packet.value());
  LONGS_EQUAL(258, audio.tick);
  LONGS_EQUAL(2 * kBlockSamples, audio.blocks.size());
}

TEST(SoftPacket, what_is_not_documented_is_refused_by_name) {
  refused(Fault::empty, {});
  refused(Fault::unknown_type, {0});
  refused(Fault::unknown_type, {6, 1});
  refused(Fault::wrong_length, {1});
  refused(Fault::wrong_version, {1, 2, 0, 0, 0, 0, 0, 0, 1, 'a'});
  refused(Fault::wrong_length, {1, 1, 0, 0, 0, 0, 0, 0, 2, 'a'});
  refused(Fault::wrong_value, {1, 1, 2, 0, 0, 0, 0, 0, 1, 'a'});
  refused(Fault::wrong_value, {1, 1, 0, 4, 0, 0, 0, 0, 1, 'a'});
  refused(Fault::wrong_value, {1, 1, 0, 0, 0, 0, 0, 0, 0});
  refused(Fault::wrong_length, {2});
  refused(Fault::wrong_value, {2, 0});
  refused(Fault::wrong_length, {3});
  refused(Fault::wrong_length, {4, 1});
  refused(Fault::wrong_value, {4, 0, 1});
  refused(Fault::wrong_value, {4, 32, 1});
  refused(Fault::wrong_value, {4, 1, 8});
  refused(Fault::wrong_value, {4, 1, 7, '\n'});
  refused(Fault::wrong_length, {5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2});
  refused(Fault::wrong_value, {5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1});
  refused(Fault::wrong_value, {5, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0});
  refused(Fault::too_long, Bytes(kPacketMax + 1, 5));
  refused(Fault::wrong_length, Bytes(kFrameMax + 2, 3));
}

TEST(SoftPacket, random_bytes_are_values_or_faults) {
  std::mt19937 random(7);
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(random() % 40);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(random() % 7);
    good += parse(bytes).has_value();
  }
  CHECK(good > 100 && good < 19'000);
}
