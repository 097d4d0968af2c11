// A run as a list of values: printed, read back, shortened.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sr::test {

// `…_cross`: ctid has not heard of it when the next step comes. An agent's phone outside the house is `outside`; `accept` is the key that takes a
// call there, or at a headset. From `wait` on only in a life with faults.
BOOST_DEFINE_ENUM_CLASS(Act, call_orders, call_service, hang_up, hang_up_cross, press_key, press_key_cross, prompt_ends, off_hook, off_hook_cross, on_hook, on_hook_cross, flash,
                        dial_other, dial_out, unplug, plug, far_answers, far_answers_cross, far_busy, far_hangs_up, outside_answers, outside_answers_cross, outside_fails,
                        outside_hangs_up, outside_hangs_up_cross, accept, dial_wrong, ready, not_ready, log_on, log_on_outside, log_off, close_task, timer, wait, link_drops,
                        link_comes, board_dies, ctid_dies, ctid_comes, store_stalls, store_goes_on, disk_full, disk_has_room, count_)
constexpr bool crosses(Act act) {
  return act == Act::hang_up_cross || act == Act::press_key_cross || act == Act::off_hook_cross || act == Act::on_hook_cross || act == Act::far_answers_cross ||
         act == Act::outside_answers_cross || act == Act::outside_hangs_up_cross;
}

struct Step {
  Act act{};
  std::uint8_t who = 0;  // which caller, which agent, how long
  bool operator==(const Step&) const = default;
};
using Steps = std::vector<Step>;

std::string to_text(const Step& step);    // "hang_up 2"
std::string to_text(const Steps& steps);  // "call_orders, off_hook 1"
bool from_text(std::string_view text, Steps& steps);

// The run without what its failure does not need: parts of it are left out, ever smaller ones, as long as it still fails (delta debugging).
// At the end no single step can be left out, unless kShrinkTriesMax runs were not enough.
inline constexpr int kShrinkTriesMax = 5000;
Steps shrink(Steps failing, const std::function<bool(const Steps&)>& fails);

}  // namespace sr::test
