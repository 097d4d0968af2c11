// A bit error rate test of one 64 kbit/s channel: the pseudo-random sequence 2^15-1 of ITU-T O.151, through spandsp. It is sent block
// by block; what comes back is compared with its own continuation, so that any delay of the loop is right.
// Made on the reactor, used by the media thread only: no allocation after the construction.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <memory>

#include "drivers/span/span.h"

struct bert_state_s;

namespace sr::media {

struct BertCount {
  std::uint64_t bits = 0;     // compared since the sequence was first found
  std::uint64_t errors = 0;   // of them
  std::uint64_t losses = 0;   // times that the sequence was lost again
};

class Bert {
 public:
  Bert();
  ~Bert();
  void begin();                     // everything from nothing
  void send(Block& out);
  void hear(const Block& in);       // a block of one byte all along is no sequence: the channel is idle
  BertCount count() const;

 private:
  struct Free { void operator()(bert_state_s* s) const; };
  std::unique_ptr<bert_state_s, Free> state_;
  std::uint64_t idle_losses_ = 0;
  bool was_idle_ = false;
};

}  // namespace sr::media
