// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/announce_prompts.h"

#include "cti-core/ivr/say.h"

namespace sr::app {
namespace {

// A number before a measure word: 两 for two.
void add_count(std::vector<std::string>& out, const std::string& language, std::int64_t n) {
  if (language == "zh" && n == 2) return out.push_back("zh/liang");
  if (auto words = ivr::say::number(language, n))
    for (auto& word : *words) out.push_back(std::move(word));
}

}  // namespace

std::vector<std::string> announce_prompts(const AnnounceConfig& config, const acd::Told& told, std::size_t turn, bool offers, const std::string& language) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) { out.push_back(language + "/" + name); };
  if (told.position == 1) add("position_next");
  else if (told.position == 2) add("position_one");
  else if (told.position > 2) {
    add("position");
    add_count(out, language, static_cast<std::int64_t>(told.position) - 1);
    add("callers_waiting");
  }
  if (told.minutes == 1) add("wait_short");
  else if (told.minutes == acd::kMinutesLong) add("wait_long");
  else if (told.minutes > 1) {
    add("expected_wait");
    add_count(out, language, told.minutes);
    add("minutes");
  }
  if (!config.comfort.empty()) add(config.comfort[turn % config.comfort.size()]);
  if (offers && !config.offer.empty()) add(config.offer);
  return out;
}

std::vector<std::string> announce_prompt_names(const QueueConfig& queue) {
  const AnnounceConfig& config = queue.announce;
  if (config.first == Duration{}) return {queue.leave_prompt};
  std::vector<std::string> out = config.comfort;
  out.push_back(queue.leave_prompt);
  if (!config.offer.empty()) out.push_back(config.offer);
  if (config.position) out.insert(out.end(), {"position", "position_next", "position_one", "callers_waiting"});
  if (config.wait) out.insert(out.end(), {"expected_wait", "minutes", "wait_short", "wait_long"});
  return out;
}

}  // namespace sr::app
