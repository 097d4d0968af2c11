// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/steps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sr::test {

std::string to_text(const Step& step) {
  const std::string name = boost::describe::enum_to_string(step.act, "?");
  return step.who == 0 ? name : fmt::format("{} {}", name, step.who + 1);
}

std::string to_text(const Steps& steps) {
  std::vector<std::string> words;
  for (const Step& step : steps) words.push_back(to_text(step));
  return fmt::format("{}", fmt::join(words, ", "));
}

bool from_text(std::string_view text, Steps& steps) {
  while (!text.empty()) {
    std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    Step step;
    if (!boost::describe::enum_from_string(std::string(one.substr(0, one.find(' '))).c_str(), step.act) || step.act == Act::count_) return false;
    if (const auto blank = one.find(' '); blank != std::string_view::npos) {
      const int who = std::atoi(std::string(one.substr(blank + 1)).c_str());
      if (who < 1 || who > 9) return false;
      step.who = static_cast<std::uint8_t>(who - 1);
    }
    steps.push_back(step);
  }
  return true;
}

Steps shrink(Steps failing, const std::function<bool(const Steps&)>& fails) {
  int tries = 0;
  for (std::size_t part = std::max<std::size_t>(failing.size() / 2, 1); tries < kShrinkTriesMax;) {
    bool shorter = false;
    for (std::size_t at = 0; at < failing.size() && ++tries < kShrinkTriesMax;) {
      Steps without = failing;
      const auto begin = without.begin() + static_cast<std::ptrdiff_t>(at);
      without.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(part, without.size() - at)));
      if (fails(without)) failing = std::move(without), shorter = true;
      else at += part;
    }
    if (part == 1 && !shorter) break;
    if (!shorter) part = std::max<std::size_t>(part / 2, 1);
  }
  return failing;
}

}  // namespace sr::test
