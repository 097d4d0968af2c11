// What a technician does to a line beside ctid: a test call, a meter, a loop, a bit error test. ctid hears nothing of it, no book
// counts it. docs/protocol-board.md, "Line tests".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>

#include "drivers/board/board.h"

namespace sr::board {

inline constexpr std::size_t kLineTestsMax = 16;      // that run at the same time
inline constexpr Duration kLevelEvery = 200ms, kBertEvery = 1s;

// Legs of test calls: above those that the line begins, below ctid's.
inline constexpr std::uint64_t kTestLegBase = std::uint64_t{1} << 51;
inline bool is_test_leg(LegId leg) { return to_number(leg) >= kTestLegBase && to_number(leg) < kCtidLegBase; }

namespace test {
struct Call { static constexpr std::string_view kName = "call"; std::string group; std::string calling; std::string called; };
BOOST_DESCRIBE_STRUCT(Call, (), (group, calling, called))
struct Level { static constexpr std::string_view kName = "level"; std::string span; int channel = 0; };
BOOST_DESCRIBE_STRUCT(Level, (), (span, channel))
// Stays until it is switched off. Channel 0: the whole span, by the board itself where it can.
struct Loopback { static constexpr std::string_view kName = "loopback"; std::string span; int channel = 0; bool on = true; };
BOOST_DESCRIBE_STRUCT(Loopback, (), (span, channel, on))
// PRBS 2^15-1 (O.151) on one idle channel, or with channel 0 on all that are idle.
struct Bert { static constexpr std::string_view kName = "bert"; std::string span; int channel = 0; };
BOOST_DESCRIBE_STRUCT(Bert, (), (span, channel))
}  // namespace test

using LineTest = std::variant<test::Call, test::Level, test::Loopback, test::Bert>;

struct LevelReport { std::string span; int channel = 0; double heard_dbm0 = 0; double sent_dbm0 = 0; };
BOOST_DESCRIBE_STRUCT(LevelReport, (), (span, channel, heard_dbm0, sent_dbm0))
// bits: compared since the sequence was first found; losses: times that it was lost again.
struct BertChannel { int channel = 0; std::uint64_t bits = 0; std::uint64_t errors = 0; std::uint64_t losses = 0; };
BOOST_DESCRIBE_STRUCT(BertChannel, (), (channel, bits, errors, losses))
struct BertReport { std::string span; std::vector<BertChannel> channels; };
BOOST_DESCRIBE_STRUCT(BertReport, (), (span, channels))

// The events of a test call have seq 0.
using TestReport = std::variant<Envelope, LevelReport, BertReport>;
using TestSink = std::function<void(const TestReport&)>;
enum class TestId : std::uint64_t { none = 0 };

}  // namespace sr::board
