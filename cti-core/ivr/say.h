// Numbers, money, dates and times as lists of prompts ("zh/d3"), composed by rule; nothing here knows Lua or a board.
// The prompt names are those at the head of ivr-scripts/prompts/<language>.txt.
// Chinese: 两 before 百 千 万 亿 and measure words, one 零 per gap, 十 without 一 at the front, 万 and 亿 groups of four digits.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.h"

namespace sr::ivr::say {

using Prompts = std::vector<std::string>;

struct Date { int year = 0, month = 0, day = 0; };
struct Clock { int hour = 0, minute = 0; };

bool knows_language(std::string_view lang);                    // "zh", "en"
Result<Prompts> number(std::string_view lang, std::int64_t value);   // too large for words (zh: 10^12, en: 10^9): digit by digit
Result<Prompts> digits(std::string_view lang, std::string_view text);  // digits only; blanks and '-' are passed over. zh: 幺 for 1 from 5 digits on (telephone numbers)
Result<Prompts> money(std::string_view lang, std::int64_t fen);
Result<Prompts> date(std::string_view lang, Date date);              // years 1000…2999
Result<Prompts> time(std::string_view lang, Clock clock);

// What a script writes → values.
Result<std::int64_t> read_money(std::string_view text);  // "12.5" → 1250; at most two decimals
Result<Date> read_date(std::string_view text);           // "2026-03-01", also with " 14:30:00" behind it
Result<Clock> read_time(std::string_view text);          // "14:30", "14:30:05", "2026-03-01 14:30:05"

}  // namespace sr::ivr::say
