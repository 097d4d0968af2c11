// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/dtmf.h"

#include <string_view>

#include <spandsp.h>

#include "drivers/base/result.h"
#include "drivers/media/tone_gen.h"

namespace sr::media {
namespace {

// spandsp's own limits (8 and 4 dB) cut off what Q.24 wants accepted: at 4 dB of reverse twist it hears 40 % of the digits.
constexpr int kTwistDb = 10, kReverseTwistDb = 7, kThresholdDbm0 = -42;
// The receiver looks at 102 samples at a time and believes the second one: a digit is recognised at least that much after its
// beginning and missed as much after its end, so that the time between both is the digit's.
constexpr std::string_view kDigits = "123A456B789C*0#D";
constexpr std::array<double, 4> kRows = {697, 770, 852, 941}, kColumns = {1209, 1336, 1477, 1633};

}  // namespace

DtmfReceiver::DtmfReceiver() : state_(dtmf_rx_init(nullptr, nullptr, nullptr)) {
  SR_ENSURE(state_ != nullptr);
  reset();
}

DtmfReceiver::~DtmfReceiver() { dtmf_rx_free(state_); }

void DtmfReceiver::reset() {
  dtmf_rx_init(state_, nullptr, nullptr);
  dtmf_rx_set_realtime_callback(state_, &DtmfReceiver::changed, this);
  dtmf_rx_parms(state_, -1, kTwistDb, kReverseTwistDb, kThresholdDbm0);
  digit_ = 0;
  samples_ = 0;
}

DtmfReceiver::Heard DtmfReceiver::feed(const Samples& block) {
  heard_ = {};
  dtmf_rx(state_, block.data(), static_cast<int>(block.size()));
  if (digit_ != 0) samples_ += static_cast<std::uint32_t>(block.size());
  return heard_;
}

// spandsp tells the digit that is on from now, or 0; `samples` is how long the former state lasted.
void DtmfReceiver::changed(void* self, int digit, int, int samples) {
  auto& r = *static_cast<DtmfReceiver*>(self);
  const char now = static_cast<char>(digit);
  if (now == r.digit_) return;
  if (r.digit_ != 0) {
    r.heard_.ended = r.digit_;
    const std::uint32_t lasted = samples > 0 ? static_cast<std::uint32_t>(samples) : r.samples_;
    r.heard_.duration_ms = static_cast<std::uint16_t>(lasted / 8 > 0xFFFF ? 0xFFFF : lasted / 8);
  }
  if (now != 0) r.heard_.began = true;
  r.digit_ = now;
  r.samples_ = 0;
}

DtmfDigits::DtmfDigits() {
  for (std::size_t digit = 0; digit < kDigits.size(); ++digit) {
    std::uint32_t low = 0, high = 0;
    for (auto& block : blocks_[digit]) {
      Samples samples{};
      add_tone(samples, kRows[digit / 4], kDtmfLowDbm0, low);
      add_tone(samples, kColumns[digit % 4], kDtmfHighDbm0, high);
      alaw_encode(samples, block);
    }
  }
}

std::optional<std::size_t> DtmfDigits::index(char digit) {
  const auto at = kDigits.find(digit >= 'a' && digit <= 'd' ? static_cast<char>(digit - 'a' + 'A') : digit);
  if (at == std::string_view::npos) return std::nullopt;
  return at;
}

}  // namespace sr::media
