// Packets of a soft span's far end.
// libs: drivers/span drivers/base
// sys: -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/span/soft_packet.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

using namespace sr::soft;

namespace {

struct Again {  // what was accepted is encoded as it came
  std::span<const std::uint8_t> bytes;
  template <class T>
  void operator()(const T& packet) const {
    const auto encoded = encode(packet);
    FUZZ_ENSURE(std::equal(encoded.begin(), encoded.end(), bytes.begin(), bytes.end()));
  }
  void operator()(const Audio& audio) const {
    const auto header = audio_header(audio.tick, audio.present);
    FUZZ_ENSURE(std::equal(header.begin(), header.end(), bytes.begin()));
    FUZZ_ENSURE(audio.blocks.size() + kAudioHeader == bytes.size());
  }
};

}  // namespace

void fuzz_one(std::string_view text) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  if (const auto packet = parse(bytes)) std::visit(Again{bytes}, *packet);
}
