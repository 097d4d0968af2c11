// Every limit that a script can meet. docs/IVR.md has the same table in words; what happens at each is written there.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>

#include "drivers/base/time.h"

namespace sr::ivr {

// One turn: from the moment a script is resumed until it waits again. A limit of the turn ends the script.
inline constexpr int kTurnInstructionsMax = 200'000;
inline constexpr std::int64_t kTurnNsMax = 5'000'000;
inline constexpr int kHookInstructions = 100;              // how often the clock is looked at; one Lua instruction is at most a copy of kBlockBytesMax
inline constexpr std::size_t kTurnBytesMax = 256 * 1024;   // growth within one turn, garbage included
inline constexpr std::size_t kCallBytesMax = 512 * 1024;   // what one call may hold, garbage not yet collected included
inline constexpr std::size_t kCallBytesCollect = 128 * 1024;  // from here on the collector hurries
inline constexpr std::size_t kBlockBytesMax = 64 * 1024;   // one string, one table part
inline constexpr std::size_t kRefuseBytes = 1024 * 1024;   // a block of a script's that is not even handed out
inline constexpr std::size_t kStateBytesMax = 256u * 1024 * 1024;  // all scripts together: then no call is begun and …
inline constexpr std::size_t kFairCallBytes = 16 * 1024;           // … only the calls above this are ended

// One second of one call: a loop of requests that end at once is no waiting.
inline constexpr int kTurnsPerSecondMax = 200;
inline constexpr std::int64_t kNsPerSecondMax = 100'000'000;

// Inside C functions.
inline constexpr int kPatternStepsMax = 100'000;
inline constexpr std::size_t kPatternItemsMax = 128;
inline constexpr std::size_t kPatternCapturesMax = 32;
inline constexpr int kStepsPerInstruction = 4;             // charged to the turn
inline constexpr std::size_t kBytesPerInstruction = 64;
inline constexpr std::int64_t kStringBytesMax = 16 * 1024; // results of rep, concat, format, gsub
inline constexpr std::int64_t kSortItemsMax = 1'000;
inline constexpr std::int64_t kTableItemsMax = 10'000;     // table.insert and table.remove
inline constexpr int kUnpackMax = 200;

// Functions of the telephone.
inline constexpr std::size_t kPlayListMax = 128;           // prompts in one play
inline constexpr std::size_t kDigitsMax = 32;              // typed ahead, and in one collect
inline constexpr std::size_t kDataKeysMax = 32;
inline constexpr std::size_t kDataKeyBytesMax = 64;
inline constexpr std::size_t kDataValueBytesMax = 1024;
inline constexpr std::size_t kReasonBytesMax = 200;
inline constexpr std::size_t kLogBytesMax = 512;
inline constexpr int kLogLinesPerTurnMax = 16;
inline constexpr double kWaitSecondsMax = 24 * 3600;
inline constexpr Duration kBargedDigitWait = 3s;           // a prompt stops when the key goes down, the digit comes when it is released

// Files.
inline constexpr std::size_t kFileBytesMax = 64 * 1024;
inline constexpr std::size_t kProgramFilesMax = 16;
inline constexpr std::size_t kNameBytesMax = 55;           // of a script file, so that error texts are not cut
inline constexpr Duration kWatchEvery = 1s;                // changed files are looked for at most so often

// Questions to the database.
inline constexpr std::size_t kSqlBytesMax = 4096;
inline constexpr std::size_t kSqlParametersMax = 32;
inline constexpr std::size_t kSqlRowsMax = 100;
inline constexpr std::size_t kSqlResultBytesMax = 32 * 1024;
inline constexpr std::size_t kSqlWaitingMax = 1'000;
inline constexpr Duration kSqlTimeMax = 500ms;

}  // namespace sr::ivr
