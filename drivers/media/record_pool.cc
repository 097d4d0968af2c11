// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/record_pool.h"

#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sr::media {
namespace {

void interleave(const Block& left, const Block& right, std::uint8_t* out) {
#if defined(__SSE2__)
  static_assert(kBlockSamples % 16 == 0);
  for (std::size_t i = 0; i < left.size(); i += 16) {
    const __m128i l = _mm_loadu_si128(reinterpret_cast<const __m128i*>(left.data() + i));
    const __m128i r = _mm_loadu_si128(reinterpret_cast<const __m128i*>(right.data() + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 2 * i), _mm_unpacklo_epi8(l, r));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 2 * i + 16), _mm_unpackhi_epi8(l, r));
  }
#else
  for (std::size_t i = 0; i < left.size(); ++i) {
    out[2 * i] = left[i];
    out[2 * i + 1] = right[i];
  }
#endif
}

}  // namespace

void RecordTap::begin(std::size_t slot, std::uint32_t record) {
  if (active(slot)) end(slot);
  taps_[slot] = Tap{.record = record};
}

std::uint32_t RecordTap::block(std::size_t slot, const Block& left, const Block& right) {
  Tap& tap = taps_[slot];
  if (tap.record == 0) return 0;
  if (tap.chunk == kNoChunk) tap.chunk = pool_.take();
  if (tap.chunk == kNoChunk) {
    ++tap.gap;
    ++tap.unreported;
    ++lost_;
    return 0;
  }
  interleave(left, right, pool_.bytes(tap.chunk) + tap.bytes);
  tap.bytes += kRecordBlockBytes;
  if (tap.bytes == kChunkBytes) {
    // There is a place in the ring for each chunk.
    (void)pool_.hand_over({.record = tap.record, .chunk = tap.chunk, .bytes = tap.bytes, .gap_blocks = tap.gap});
    tap.chunk = kNoChunk;
    tap.bytes = 0;
    tap.gap = 0;
  }
  return std::exchange(tap.unreported, 0);
}

std::uint32_t RecordTap::end(std::size_t slot) {
  Tap& tap = taps_[slot];
  if (tap.record == 0) return 0;
  (void)pool_.hand_over({.record = tap.record, .chunk = tap.chunk, .bytes = tap.bytes, .gap_blocks = tap.gap, .last = true});
  const std::uint32_t lost = tap.unreported;
  tap = Tap{};
  return lost;
}

}  // namespace sr::media
