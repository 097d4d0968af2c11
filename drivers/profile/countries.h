// What a country's analog lines need from a board: the FXO mode of the DAHDI drivers and the law of its exchanges (G.711).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string_view>

namespace sr::profile {

struct Country {
  std::string_view code;      // as in tone_zone
  std::string_view opermode;  // "" : the driver's own default fits
  bool mulaw;
};

// An unknown country has A-law and the driver's default mode.
Country country_named(std::string_view code);

bool is_opermode(std::string_view name);

}  // namespace sr::profile
