// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/countries.h"

#include <algorithm>
#include <array>

namespace sr::profile {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCountries = {
    Country{"ae", "UAE", false},
    Country{"ar", "ARGENTINA", false},
    Country{"at", "AUSTRIA", false},
    Country{"au", "AUSTRALIA", false},
    Country{"be", "BELGIUM", false},
    Country{"bg", "BULGARIA", false},
    Country{"br", "BRAZIL", false},
    Country{"ch", "SWITZERLAND", false},
    Country{"cl", "CHILE", false},
    Country{"cn", "CHINA", false},
    Country{"cz", "CZECH", false},
    Country{"de", "GERMANY", false},
    Country{"dk", "DENMARK", false},
    Country{"es", "SPAIN", false},
    Country{"fi", "FINLAND", false},
    Country{"fr", "FRANCE", false},
    Country{"gr", "GREECE", false},
    Country{"hu", "HUNGARY", false},
    Country{"il", "ISRAEL", false},
    Country{"in", "INDIA", false},
    Country{"it", "ITALY", false},
    Country{"jp", "JAPAN", true},
    Country{"mx", "MEXICO", false},
    Country{"my", "MALAYSIA", false},
    Country{"nl", "NETHERLANDS", false},
    Country{"no", "NORWAY", false},
    Country{"nz", "NEWZEALAND", false},
    Country{"ph", "PHILIPPINES", false},
    Country{"pl", "POLAND", false},
    Country{"pt", "PORTUGAL", false},
    Country{"ru", "RUSSIA", false},
    Country{"se", "SWEDEN", false},
    Country{"sg", "SINGAPORE", false},
    Country{"th", "THAILAND", false},
    Country{"tw", "TAIWAN", true},
    Country{"uk", "UK", false},
    Country{"us", "USA", true},
    Country{"za", "SOUTHAFRICA", false},
};

constexpr std::array kOpermodes = {  // what the FXO drivers of DAHDI 2.11 accept
    "FCC"sv, "ARGENTINA"sv, "AUSTRALIA"sv, "AUSTRIA"sv, "BAHRAIN"sv, "BELGIUM"sv, "BRAZIL"sv, "BULGARIA"sv, "CANADA"sv, "CHILE"sv,
    "CHINA"sv, "COLOMBIA"sv, "CROATIA"sv, "CYPRUS"sv, "CZECH"sv, "DENMARK"sv, "ECUADOR"sv, "EGYPT"sv, "ELSALVADOR"sv, "FINLAND"sv,
    "FRANCE"sv, "GERMANY"sv, "GREECE"sv, "GUAM"sv, "HONGKONG"sv, "HUNGARY"sv, "ICELAND"sv, "INDIA"sv, "INDONESIA"sv, "IRELAND"sv,
    "ISRAEL"sv, "ITALY"sv, "JAPAN"sv, "JORDAN"sv, "KAZAKHSTAN"sv, "KUWAIT"sv, "LATVIA"sv, "LEBANON"sv, "LUXEMBOURG"sv, "MACAO"sv,
    "MALAYSIA"sv, "MALTA"sv, "MEXICO"sv, "MOROCCO"sv, "NETHERLANDS"sv, "NEWZEALAND"sv, "NIGERIA"sv, "NORWAY"sv, "OMAN"sv,
    "PAKISTAN"sv, "PERU"sv, "PHILIPPINES"sv, "POLAND"sv, "PORTUGAL"sv, "ROMANIA"sv, "RUSSIA"sv, "SAUDIARABIA"sv, "SINGAPORE"sv,
    "SLOVAKIA"sv, "SLOVENIA"sv, "SOUTHAFRICA"sv, "SOUTHKOREA"sv, "SPAIN"sv, "SWEDEN"sv, "SWITZERLAND"sv, "SYRIA"sv, "TAIWAN"sv,
    "THAILAND"sv, "UAE"sv, "UK"sv, "USA"sv, "YEMEN"sv};

static_assert(std::ranges::all_of(kCountries, [](const Country& c) { return std::ranges::find(kOpermodes, c.opermode) != kOpermodes.end(); }));

}  // namespace

Country country_named(std::string_view code) {
  const auto at = std::ranges::find(kCountries, code, &Country::code);
  return at == kCountries.end() ? Country{code, "", false} : *at;
}

bool is_opermode(std::string_view name) { return std::ranges::find(kOpermodes, name) != kOpermodes.end(); }

}  // namespace sr::profile
