// The life of one script, from the first turn to the end of its call. Each waiting state has one event that resumes it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>

#include "drivers/base/fsm.h"

namespace sr::ivr {

enum class State { running, answering, playing, barged, prompting, collecting, queued, dialing, talking, asking, over, count_ };
enum class On {
  // what the script asks for
  answer, play, collect, prompt, queue, dial, ask,
  // what happens to the call
  answered, play_ended, barge, digits, queue_ended, dial_answered, dial_ended, rows, digit_late,
  // ends
  finish, fail, hangup, count_
};
enum class Act { request, resume, wait, listen, end };

struct SessionRow {
  State from;
  On on;
  State to;
  Act act;
};

constexpr std::array kSessionTable = {
    SessionRow{State::running, On::answer, State::answering, Act::request},
    SessionRow{State::running, On::play, State::playing, Act::request},
    SessionRow{State::running, On::prompt, State::prompting, Act::request},   // collect with prompts
    SessionRow{State::running, On::collect, State::collecting, Act::listen},  // collect without
    SessionRow{State::running, On::queue, State::queued, Act::request},
    SessionRow{State::running, On::dial, State::dialing, Act::request},
    SessionRow{State::running, On::ask, State::asking, Act::request},
    SessionRow{State::running, On::finish, State::over, Act::end},
    SessionRow{State::running, On::fail, State::over, Act::end},
    SessionRow{State::answering, On::answered, State::running, Act::resume},
    SessionRow{State::playing, On::play_ended, State::running, Act::resume},
    SessionRow{State::playing, On::barge, State::barged, Act::wait},          // the key is still down: its digit is to come
    SessionRow{State::barged, On::digits, State::running, Act::resume},
    SessionRow{State::barged, On::digit_late, State::running, Act::resume},
    SessionRow{State::prompting, On::play_ended, State::collecting, Act::listen},
    SessionRow{State::prompting, On::digits, State::running, Act::resume},    // complete before the prompt had ended
    SessionRow{State::collecting, On::digits, State::running, Act::resume},
    SessionRow{State::queued, On::queue_ended, State::running, Act::resume},
    SessionRow{State::dialing, On::dial_answered, State::talking, Act::wait},
    SessionRow{State::dialing, On::dial_ended, State::running, Act::resume},
    SessionRow{State::talking, On::dial_ended, State::running, Act::resume},
    SessionRow{State::asking, On::rows, State::running, Act::resume},
    SessionRow{State::running, On::hangup, State::over, Act::end},
    SessionRow{State::answering, On::hangup, State::over, Act::end},
    SessionRow{State::playing, On::hangup, State::over, Act::end},
    SessionRow{State::barged, On::hangup, State::over, Act::end},
    SessionRow{State::prompting, On::hangup, State::over, Act::end},
    SessionRow{State::collecting, On::hangup, State::over, Act::end},
    SessionRow{State::queued, On::hangup, State::over, Act::end},
    SessionRow{State::dialing, On::hangup, State::over, Act::end},
    SessionRow{State::talking, On::hangup, State::over, Act::end},
    SessionRow{State::asking, On::hangup, State::over, Act::end},
};
static_assert(fsm::deterministic(kSessionTable));
static_assert(fsm::reachable(kSessionTable, State::running));
static_assert(fsm::returns(kSessionTable, State::over));
static_assert(fsm::handled_everywhere(kSessionTable, On::hangup, std::array{State::over}));

}  // namespace sr::ivr
