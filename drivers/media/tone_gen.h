// Plays a Cadence sample by sample: phase-continuous oscillators on one sine table, no allocation, no clock.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "drivers/media/g711.h"
#include "drivers/media/media.h"

namespace sr::media {

// `out` = one block of the tone f1 [+ f2] (or f1 modulated by f2) at `dbm0` each; the phases (turns × 2³²) go on from block to block.
struct Oscillators { std::uint32_t phase1 = 0, phase2 = 0; };

class TonePlayer {
 public:
  enum class Filled { sound, silence, ended };
  void start(const Cadence& cadence);
  // Fills `out`. silence: the whole block is silent and `out` was not written; ended: a cadence without repeat is over.
  Filled next(Block& out);

 private:
  bool load(std::size_t step);  // false: the cadence is over
  Cadence cadence_{};
  Oscillators phase_{};
  std::size_t step_ = 0;
  std::uint32_t left_ = 0;  // samples of this step, 0 with `forever_`
  bool forever_ = false, ended_ = true;
  std::int32_t amplitude_ = 0;
  std::uint32_t turn1_ = 0, turn2_ = 0;
  const Block* period_ = nullptr;  // the step repeats itself with every block: this is it
  std::size_t period_at_ = 0;
};

// One block of a plain sum of two tones, for DTMF and tests: returns linear samples.
void add_tone(Samples& out, double hz, double dbm0, std::uint32_t& phase);

}  // namespace sr::media
