// What a waiting caller is told, by [queue.announce] of his queue (acd/announce.h decides). It is played over the music; an agent who
// answers cuts it short, and while an agent's phone rings none begins.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/announce_prompts.h"
#include "cti-core/app/center.h"

namespace sr::app {

void Center::announce_after(Call& call, Duration after) {
  guarded(call.announcing.timer, after, [this, id = call.id] {
    if (Call* c = find(id)) announce(*c);
  });
}

void Center::announce(Call& call) {
  if (call.queue == acd::QueueNo::none) return;
  const QueueConfig& queue = config_.queues[acd::index(call.queue)];
  if (queue.announce.first == 0us) return;  // no more, since he came
  announce_after(call, queue.announce.every);
  if (!link_up_ || call.phase != Phase::queued || !call.up || call.announcing.speaking) return;
  const std::size_t in_front = waiting_.in_front(call.id);
  const auto wait = expected_wait(call.queue, in_front);
  acd::Told told = acd::announce({in_front + 1, agents_.working(call.queue), wait}, call.announcing.told);
  if (!queue.announce.position) told.position = 0;
  if (!queue.announce.wait) told.minutes = 0;
  auto prompts = announce_prompts(queue.announce, told, call.announcing.turn, call.callback_key != 0, language_of(call));
  if (prompts.empty()) return;
  if (told.position != 0 || told.minutes != 0) {
    call.announcing.told.position = in_front + 1;
    if (told.minutes != 0) call.announcing.told.minutes = told.minutes;
    journal(ev::WaitAnnounced{call.id, queue.name, static_cast<int>(in_front + 1), told.minutes * 60, wait && told.minutes ? *wait / 1ms : 0});
  }
  call.announcing.speaking = true;
  send(board::cmd::Play{call.leg, kAnnouncePlay, std::move(prompts), false});
}

// After an announcement the music goes on from the next mark.
void Center::music(Call& call) {
  const auto& marks = config_.queues[acd::index(call.queue)].announce.music;
  const std::size_t turn = call.announcing.turn++;
  if (marks.empty()) return send(board::cmd::Music{call.leg});
  send(board::cmd::Music{call.leg, static_cast<int>(marks[turn % marks.size()] / 1ms)});
}

void Center::stop_announcing(Call& call) {
  stop(call.announcing.timer);
  call.announcing.speaking = false;
}

// While he waits his key is listened to, if his script takes one.
void Center::hear_key(Call& call) {
  if (call.callback_key != 0) call.hears_key = true;
  else if (!std::exchange(call.hears_key, false)) return;
  send(board::cmd::Detect{call.leg, call.hears_key || (call.number && call.number->digits_always), false});
}

// His wait is over, and the script that would speak to him is no longer there. The prompt promises to call him back.
void Center::see_off(Call& call, acd::QueueNo queue, LossStage stage) {
  const std::string prompt = language_of(call) + "/" + config_.queues[acd::index(queue)].leave_prompt;
  if (call.booked) callback_wanted(call, kCallbackPromised);
  book_lost(call, stage, "its script was no longer there", true);
  if (!call.up || !prompt_exists(prompt)) return clear(call, 16);
  tag(call.leg, call.id, board::Mode::script);
  send(board::cmd::Play{call.leg, kHostPlay, {prompt}, false});
  guarded(call.fallback_timer, kFallbackTime, [this, id = call.id] {
    if (Call* c = find(id); c && c->phase == Phase::script && !c->script) clear(*c, 16);
  });
}

const std::string& Center::language_of(const Call& call) const {
  static const std::string kNone = "zh";
  return !call.language.empty() ? call.language : call.number ? call.number->language : kNone;
}

}  // namespace sr::app
