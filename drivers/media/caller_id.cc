// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/caller_id.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <spandsp.h>

#include "drivers/media/dtmf.h"
#include "drivers/media/tone_gen.h"

namespace sr::media {
namespace {

constexpr int kSamplesPerMs = 8;
constexpr int kDigitMs = 70, kAfterRingMs = 500, kBeforeRingMs = 250, kTailMs = 40, kCommaMs = 500;  // EN 300 659-1: 70 ± 5 ms, ≥ 500 ms, 200…500 ms
constexpr int kGapBlocks = 25;                 // so long after the last digit a number without an end sign is over
constexpr int kGain = 4;                       // a far line's FSK comes 12 dB below what spandsp's carrier detector wants; clipping does not hurt FSK
constexpr std::string_view kRows = "123A456B789C*0#D";
constexpr std::array<double, 4> kLow = {697, 770, 852, 941}, kHigh = {1209, 1336, 1477, 1633};
constexpr std::string_view kWithheldByDtmf = "B10C";  // presentation restricted

// GR-30 and EN 300 659-3 agree on these.
constexpr std::uint8_t kMultiple = 0x80, kSingle = 0x04, kDateTime = 0x01, kNumber = 0x02, kAbsence = 0x04;
constexpr std::size_t kDateTimeLength = 8;

bool begins(char sign) { return sign == 'A' || sign == 'B' || sign == 'D'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view tail(std::string_view number) { return number.substr(number.size() - std::min(number.size(), kCallerIdMax)); }

std::string dialable(std::string_view number) {
  std::string out;
  for (const char c : tail(number))
    if (is_digit(c) || c == '*' || c == '#') out += c;
  return out;
}

std::string dtmf_text(std::string_view number) {
  const std::string digits = dialable(number);
  return digits.empty() ? std::string(kWithheldByDtmf) : "D" + digits + "C";
}

using Sound = std::vector<std::int16_t>;

void add_digit(Sound& out, char digit) {
  const auto at = kRows.find(digit);
  std::uint32_t low = 0, high = 0;
  for (int left = kDigitMs * kSamplesPerMs; left > 0; left -= kBlockSamples) {
    Samples block{};
    add_tone(block, kLow[at / 4], kDtmfLowDbm0, low);
    add_tone(block, kHigh[at % 4], kDtmfHighDbm0, high);
    out.insert(out.end(), block.begin(), block.begin() + std::min(left, kBlockSamples));
  }
}

void add_silence(Sound& out, int ms) { out.resize(out.size() + static_cast<std::size_t>(ms * kSamplesPerMs)); }

Sound by_dtmf(std::string_view number) {
  Sound out;
  for (const char digit : dtmf_text(number)) {
    add_digit(out, digit);
    add_silence(out, kDigitMs);
  }
  add_silence(out, kBeforeRingMs);
  return out;
}

void add_field(std::string& message, std::uint8_t type, std::string_view body) {
  message += static_cast<char>(type);
  message += static_cast<char>(body.size());
  message += body;
}

Sound by_fsk(std::string_view number, const WallTime& time) {
  std::array<char, 48> when{};
  std::snprintf(when.data(), when.size(), "%02d%02d%02d%02d", time.month, time.day, time.hour, time.minute);
  std::string message{static_cast<char>(kMultiple), '\0'};
  add_field(message, kDateTime, std::string_view(when.data(), kDateTimeLength));
  if (number.empty()) add_field(message, kAbsence, "P");
  else add_field(message, kNumber, tail(number));
  message[1] = static_cast<char>(message.size() - 2);

  Sound out;
  add_silence(out, kAfterRingMs);
  const std::unique_ptr<adsi_tx_state_t, int (*)(adsi_tx_state_t*)> tx(adsi_tx_init(nullptr, ADSI_STANDARD_CLASS), adsi_tx_free);
  SR_ENSURE(tx != nullptr);
  adsi_tx_put_message(tx.get(), reinterpret_cast<const std::uint8_t*>(message.data()), static_cast<int>(message.size()));
  Samples block{};
  for (std::size_t n = 0; n < kCallerIdBlocksMax; ++n) {
    const int made = adsi_tx(tx.get(), block.data(), kBlockSamples);
    out.insert(out.end(), block.begin(), block.begin() + made);
    if (made < kBlockSamples) break;
  }
  add_silence(out, kTailMs);
  return out;
}

std::vector<Block> in_blocks(const Sound& sound) {
  std::vector<Block> out(std::min((sound.size() + kBlockSamples - 1) / kBlockSamples, kCallerIdBlocksMax));
  for (std::size_t b = 0; b < out.size(); ++b)
    for (std::size_t i = 0; i < kBlockSamples; ++i) {
      const std::size_t at = b * kBlockSamples + i;
      out[b][i] = at < sound.size() ? alaw_encode(sound[at]) : kAlawSilence;
    }
  return out;
}

}  // namespace

std::vector<Block> caller_id_signal(CallerIdWay way, std::string_view number, const WallTime& time) {
  if (way == CallerIdWay::none) return {};
  return in_blocks(way == CallerIdWay::fsk ? by_fsk(number, time) : by_dtmf(number));
}

std::vector<Block> digits_signal(std::string_view digits, int lead_ms) {
  Sound out;
  add_silence(out, lead_ms);
  for (const char digit : digits)
    if (digit == ',') {
      add_silence(out, kCommaMs);
    } else if (kRows.find(digit) != std::string_view::npos) {
      add_digit(out, digit);
      add_silence(out, kDigitMs);
    }
  return in_blocks(out);
}

Duration caller_id_length(CallerIdWay way, std::string_view number) { return kTick * static_cast<int>(caller_id_signal(way, number, {}).size()); }

// A number C, A number #, D number C; D1#…D3# and B…C say why there is none; number # has no beginning.
std::optional<std::string_view> dtmf_caller_id(std::string_view digits, bool over) {
  if (digits.empty()) return std::nullopt;
  const bool ended = digits.back() == 'C' || digits.back() == '#';
  if (!ended && !over) return std::nullopt;
  const bool reason = digits == "D1#" || digits == "D2#" || digits == "D3#";
  if (ended) digits.remove_suffix(1);
  const char sign = digits.empty() || is_digit(digits.front()) ? '\0' : digits.front();
  if (sign == '\0') return ended && !digits.empty() ? std::optional(digits) : std::nullopt;
  if (!begins(sign)) return std::nullopt;
  digits.remove_prefix(1);
  if (sign == 'B' || reason) return std::string_view();
  return digits.substr(0, digits.find_first_of("ABCD"));
}

std::optional<std::string_view> fsk_caller_id(std::string_view message) {
  if (message.size() < 2) return std::nullopt;
  const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(message[at]); };
  const std::string_view body = message.substr(2, octet(1));
  if (octet(0) == kSingle) {
    if (body.size() < kDateTimeLength) return std::nullopt;
    const auto number = body.substr(kDateTimeLength);
    return number == "P" || number == "O" ? std::string_view() : number;
  }
  if (octet(0) != kMultiple) return std::nullopt;
  for (std::size_t at = 0; at + 2 <= body.size();) {
    const auto type = static_cast<std::uint8_t>(body[at]);
    const auto field = body.substr(at + 2, static_cast<std::uint8_t>(body[at + 1]));
    if (type == kNumber) return field;
    at += 2 + static_cast<std::uint8_t>(body[at + 1]);
  }
  return std::string_view();  // a reason for absence, a name only, or nothing: withheld
}

CallerIdReceiver::CallerIdReceiver() : fsk_(adsi_rx_init(nullptr, ADSI_STANDARD_CLASS, &CallerIdReceiver::message, this)) { SR_ENSURE(fsk_ != nullptr); }

CallerIdReceiver::~CallerIdReceiver() { adsi_rx_free(fsk_); }

void CallerIdReceiver::reset() {
  adsi_rx_init(fsk_, ADSI_STANDARD_CLASS, &CallerIdReceiver::message, this);
  count_ = length_ = 0;  // a digit that is on was heard before
  quiet_ = 0;
  done_ = false;
}

bool CallerIdReceiver::feed(const Block& block) {
  if (done_) return false;
  Samples heard, loud;
  alaw_decode(block, heard);
  for (std::size_t i = 0; i < heard.size(); ++i) loud[i] = static_cast<std::int16_t>(std::clamp(heard[i] * kGain, -32768, 32767));
  adsi_rx(fsk_, loud.data(), static_cast<int>(loud.size()));
  return done_ || hear_digits(heard);
}

bool CallerIdReceiver::hear_digits(const Samples& heard) {
  const char digit = dtmf_.feed(heard);
  quiet_ = dtmf_.hears() ? 0 : quiet_ + 1;
  if (digit != 0) {
    if (count_ == digits_.size() || (begins(digit) && count_ > 0 && !begins(digits_[0]))) count_ = 0;
    digits_[count_++] = digit;
  }
  const bool over = quiet_ >= kGapBlocks && count_ > 0;
  if (digit == 0 && !over) return false;
  if (const auto number = dtmf_caller_id({digits_.data(), count_}, over)) take(*number);
  if (over) count_ = 0;
  return done_;
}

void CallerIdReceiver::message(void* self, const std::uint8_t* text, int length) {
  auto& r = *static_cast<CallerIdReceiver*>(self);
  if (length <= 0 || r.done_) return;
  if (const auto number = fsk_caller_id({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)})) r.take(*number);
}

void CallerIdReceiver::take(std::string_view number) {
  length_ = 0;
  for (const char c : tail(number))
    if (c > 0x20 && c < 0x7F) number_[length_++] = c;
  done_ = true;
}

}  // namespace sr::media
