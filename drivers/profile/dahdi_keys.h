// The keys of the hardware profile that only spans of a real board have (hw-profiles/README.md, "Boards through DAHDI").
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

namespace sr::profile {

inline constexpr int kDahdiSpansMax = 128;
inline constexpr int kDahdiChannelsMax = 1023;
inline constexpr std::size_t kModulesMax = 8;

struct DahdiBoard {                  // of [board]
  std::vector<std::string> modules;  // beside dahdi itself
  std::string country;               // two letters
  std::string opermode;              // of FXO ports; "": the driver's default
};

struct DahdiLine {                   // of [[span]] with driver = "dahdi"; every default is filled in
  int span = 0;                      // DAHDI's number of the span
  int first_channel = 0;             // DAHDI's number of timeslot 1 or port 1
  int channels = 0;                  // e1 31, t1 24, analog its ports
  std::string dynamic;               // "" : a board
  std::string framing;               // ccs, esf, d4; "" on analog lines, as coding
  std::string coding;                // hdb3, b8zs, ami
  bool crc4 = false;
  int timing = 0;                    // 0: we are the clock
  int lbo = 0;
  bool alaw = true;
  bool law_given = false;            // the country does not decide
  std::string echo = "mg2";          // off, mg2, kb1
  int echo_taps = 128;               // samples of 125 µs
  int rx_gain_db = 0, tx_gain_db = 0;
  std::string start;                 // kewl, loop, ground; "" on digital spans
  std::string caller_id = "fsk";     // analog: fsk, dtmf, none
  std::string busy = "learn";        // fxo: learn (and the country's), country, off, or cadences "350/350"
  bool answer_polarity = false;      // fxo: outgoing calls are answered by reversal
  bool polarity_disconnect = true;   // fxo: a reversal in a call is its end
  int line = 0;                      // of the profile, for error texts
};

}  // namespace sr::profile
