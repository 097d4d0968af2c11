// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/curve_toml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <toml++/toml.h>

#include "drivers/base/file_text.h"

namespace sr::ctictl {
namespace {

constexpr std::size_t kFileBytesMax = 1024 * 1024;
constexpr double kSpotCallsMax = 10'000'000;
constexpr std::int64_t kPriorityMax = 100;

// The first error stays, everything after it is read into nothing.
class Reader {
 public:
  Reader(std::string file, const CenterConfig& center, acd::QueueNo simulated) : file_(std::move(file)), center_(center), simulated_(simulated) {}

  Result<Curve> read(const toml::table& root) {
    known(root, {"aht_s", "patience_s", "calls", "spot"});
    if (root.get("aht_s")) curve_.handling_s = number(root, "aht_s", 0.001, acd::kSimulatedSecondsMax, "180");
    if (const auto* patience = root.get("patience_s"))
      curve_.patience_s = patience->value<std::string>() == "none" ? acd::kForever : number(root, "patience_s", 0.001, acd::kSimulatedSecondsMax, "60, or \"none\"");
    for (const auto* t : tables(root, "calls")) calls(*t);
    for (const auto* t : tables(root, "spot")) spot(*t);
    if (curve_.streams.empty()) wrong(root, "no [[calls]] and no [[spot]]", "[[calls]] with per_minute = [2, 30, 12], or [[spot]] with begin_min, length_min and calls");
    if (error_) return std::unexpected(*error_);
    return std::move(curve_);
  }

 private:
  void wrong(const toml::node& at, std::string what, std::string fix) {
    if (!error_) error_ = Error{std::move(what), fmt::format("{}:{}", file_, std::max<std::uint32_t>(at.source().begin.line, 1)), std::move(fix)};
  }
  void known(const toml::table& t, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : t)
      if (std::ranges::find(keys, key.str()) == keys.end()) wrong(value, fmt::format("unknown key '{}'", key.str()), fmt::format("one of: {}", fmt::join(keys, ", ")));
  }
  std::vector<const toml::table*> tables(const toml::table& t, std::string_view key) {
    std::vector<const toml::table*> out;
    const auto* node = t.get(key);
    const auto* list = node ? node->as_array() : nullptr;
    if (node && (!list || !list->is_array_of_tables())) wrong(*node, fmt::format("'{}' must be a list of tables", key), fmt::format("[[{}]]", key));
    else if (list)
      for (const auto& one : *list) out.push_back(one.as_table());
    return out;
  }
  double number(const toml::table& t, std::string_view key, double least, double most, std::string_view example) {
    const auto* node = t.get(key);
    const auto value = node && node->is_number() ? node->value<double>() : std::nullopt;
    if (value && *value >= least && *value <= most) return *value;
    const toml::node& at = node ? *node : t;
    wrong(at, node ? fmt::format("'{}' must be a number from {} to {}", key, least, most) : fmt::format("'{}' is missing", key), fmt::format("{} = {}", key, example));
    return least;
  }
  std::size_t minutes(const toml::table& t, std::string_view key, std::int64_t least, std::int64_t otherwise) {
    const auto* node = t.get(key);
    if (!node && otherwise >= 0) return static_cast<std::size_t>(otherwise);
    const auto value = node ? node->value<std::int64_t>() : std::nullopt;
    if (node && node->is_integer() && value && *value >= least && *value <= static_cast<std::int64_t>(acd::kCurveMinutesMax)) return static_cast<std::size_t>(*value);
    wrong(node ? *node : static_cast<const toml::node&>(t), node ? fmt::format("'{}' must be whole minutes from {} to {}", key, least, acd::kCurveMinutesMax) : fmt::format("'{}' is missing", key),
          fmt::format("{} = 15", key));
    return static_cast<std::size_t>(least);
  }

  // Where the calls go, and how many minutes pass before the first one.
  acd::CallStream stream(const toml::table& t) {
    acd::CallStream out{.queue = simulated_};
    if (const auto* node = t.get("queue")) {
      const auto name = node->value<std::string>();
      const auto at = std::ranges::find(center_.queues, name.value_or(""), &QueueConfig::name);
      if (at != center_.queues.end()) out.queue = acd::QueueNo{static_cast<std::uint32_t>(at - center_.queues.begin())};
      else {
        std::vector<std::string> names;
        for (const auto& queue : center_.queues) names.push_back(queue.name);
        wrong(*node, fmt::format("there is no queue '{}'", name.value_or("?")), fmt::format("one of: {}", fmt::join(names, ", ")));
      }
    }
    if (const auto* node = t.get("priority")) {
      const auto value = node->value<std::int64_t>();
      if (!node->is_integer() || !value || *value < 0 || *value > kPriorityMax) wrong(*node, fmt::format("'priority' must be a number from 0 to {}", kPriorityMax), "priority = 1");
      else out.priority = static_cast<int>(*value);
    }
    out.per_minute.resize(minutes(t, "begin_min", 0, 0));
    return out;
  }

  void calls(const toml::table& t) {
    known(t, {"queue", "priority", "begin_min", "per_minute"});
    acd::CallStream out = stream(t);
    const auto* node = t.get("per_minute");
    const auto* list = node ? node->as_array() : nullptr;
    if (!list || list->empty()) return wrong(node ? *node : static_cast<const toml::node&>(t), "'per_minute' must be a list of calls per minute", "per_minute = [2, 30, 12]");
    if (out.per_minute.size() + list->size() > acd::kCurveMinutesMax) return wrong(*node, fmt::format("more than {} minutes", acd::kCurveMinutesMax), "at most a week");
    for (const auto& one : *list) {
      const auto value = one.is_number() ? one.value<double>() : std::nullopt;
      if (!value || !(*value >= 0) || *value > acd::kPerMinuteMax) return wrong(one, fmt::format("calls per minute must be a number from 0 to {}", acd::kPerMinuteMax), "per_minute = [2, 30, 12]");
      out.per_minute.push_back(*value);
    }
    curve_.streams.push_back(std::move(out));
  }

  void spot(const toml::table& t) {
    known(t, {"queue", "priority", "begin_min", "length_min", "calls"});
    acd::CallStream out = stream(t);
    const std::size_t length = minutes(t, "length_min", 1, -1);
    const double all = number(t, "calls", 0, kSpotCallsMax, "600");
    if (out.per_minute.size() + length > acd::kCurveMinutesMax) wrong(t, fmt::format("more than {} minutes", acd::kCurveMinutesMax), "at most a week");
    if (error_) return;
    out.spot_begin = out.per_minute.size();
    out.spot_length = length;
    const double parts = static_cast<double>(length * (length + 1)) / 2;  // n, n - 1 … 1
    for (std::size_t minute = 0; minute < length; ++minute) out.per_minute.push_back(all * static_cast<double>(length - minute) / parts);
    if (out.per_minute[out.per_minute.size() - length] > acd::kPerMinuteMax) return wrong(t, fmt::format("more than {} calls in one minute", acd::kPerMinuteMax), "fewer calls, or a longer spot");
    curve_.streams.push_back(std::move(out));
  }

  std::string file_;
  const CenterConfig& center_;
  acd::QueueNo simulated_;
  Curve curve_;
  std::optional<Error> error_;
};

}  // namespace

Result<Curve> parse_curve(std::string_view text, const std::string& file, const CenterConfig& center, acd::QueueNo simulated) {
  try {
    const toml::table root = toml::parse(text, file);
    return Reader(file, center, simulated).read(root);
  } catch (const toml::parse_error& e) {
    return fail(std::string(e.description()), fmt::format("{}:{}", file, e.source().begin.line), "TOML: [[spot]] with begin_min = 5, length_min = 15, calls = 600");
  }
}

Result<Curve> read_curve(const std::string& file, const CenterConfig& center, acd::QueueNo simulated) {
  const auto text = file_text(file, kFileBytesMax, "the name of a file with [[calls]] or [[spot]]");
  if (!text) return std::unexpected(text.error());
  return parse_curve(*text, file, center, simulated);
}

}  // namespace sr::ctictl
