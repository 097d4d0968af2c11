// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/bert.h"

#include <algorithm>

#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <spandsp.h>

namespace sr::media {
namespace {

constexpr int kResyncBits = 300, kResyncPercent = 20;  // so many of so many bits wrong: the sequence is searched anew

bert_state_t* prepare(bert_state_t* state) { return bert_init(state, 0, BERT_PATTERN_ITU_O151_15, kResyncBits, kResyncPercent); }

}  // namespace

void Bert::Free::operator()(bert_state_s* s) const { bert_free(s); }

Bert::Bert() : state_(prepare(nullptr)) {}
Bert::~Bert() = default;

void Bert::begin() {
  prepare(state_.get());
  idle_losses_ = 0;
  was_idle_ = false;
}

void Bert::send(Block& out) {
  for (auto& byte : out) {
    unsigned bits = 0;
    for (int n = 0; n < 8; ++n) bits = bits << 1 | static_cast<unsigned>(bert_get_bit(state_.get()) & 1);
    byte = static_cast<std::uint8_t>(bits);
  }
}

void Bert::hear(const Block& in) {
  const bool idle = std::ranges::all_of(in, [&](std::uint8_t b) { return b == in.front(); });
  if (idle && !was_idle_ && count().bits > 0) ++idle_losses_;
  was_idle_ = idle;
  if (idle) return;
  for (const std::uint8_t byte : in)
    for (int n = 7; n >= 0; --n) bert_put_bit(state_.get(), byte >> n & 1);
}

BertCount Bert::count() const {
  bert_results_t r{};
  bert_result(state_.get(), &r);
  return {static_cast<std::uint64_t>(r.total_bits), static_cast<std::uint64_t>(r.bad_bits), static_cast<std::uint64_t>(r.resyncs) + idle_losses_};
}

}  // namespace sr::media
