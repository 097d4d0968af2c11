// What an analog line says of its caller: the body of an FSK message, DTMF digits, and the sound itself.
// libs: drivers/media drivers/span drivers/base
// sys: -lspandsp -ltonezone -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "drivers/media/caller_id.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  using namespace sr::media;
  (void)fsk_caller_id(text);
  for (const bool over : {false, true}) (void)dtmf_caller_id(text, over);
  CallerIdReceiver receiver;
  sr::Block block;
  for (std::size_t at = 0; at < text.size(); at += block.size()) {
    block.fill(sr::kAlawSilence);
    const auto piece = text.substr(at, block.size());
    std::copy(piece.begin(), piece.end(), block.begin());
    if (receiver.feed(block)) FUZZ_ENSURE(receiver.number().size() <= kCallerIdMax);
  }
}
