// [queue.announce] and [queue.callback] of the center's file. R: the reader in config_toml.cc, whose words for a mistake are used; Table: of toml++.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fmt/format.h>

#include "cti-core/model/announce.h"
#include "cti-core/model/place.h"

namespace sr::app {

struct AnnounceReader {
  template <class R, class Table, class Each>
  static void list(R& reader, const Table& t, const char* key, const char* example, Each each) {
    const auto* node = t.get(key);
    if (!node) return;
    const auto* list = node->as_array();
    if (!list || list->empty() || list->size() > kAnnounceListMax)
      return reader.wrong(*node, fmt::format("'{}' must be a list of 1 to {}", key, kAnnounceListMax), example);
    for (const auto& one : *list)
      if (!each(one)) return reader.wrong(one, fmt::format("this cannot stand in '{}'", key), example);
  }

  template <class R, class Table>
  static void read(R& reader, const Table& t, PlaceConfig& into) {
    reader.known(t, "queue.callback", {"tries", "ring_s", "pause_s", "keep_s", "max"});
    const auto whole = [&](const char* key, std::int64_t most, auto& number) {
      const auto* node = t.get(key);
      if (!node) return;
      const auto value = node->template value<std::int64_t>();
      if (!node->is_integer() || !value || *value < 1 || *value > most) return reader.wrong(*node, fmt::format("'{}' must be a number from 1 to {}", key, most), fmt::format("{} = 2", key));
      number = static_cast<std::remove_reference_t<decltype(number)>>(*value);
    };
    whole("tries", kPlaceTriesMax, into.tries);
    whole("max", 10'000, into.max);
    reader.seconds(t, "ring_s", into.ring, 5);
    reader.seconds(t, "pause_s", into.pause, 5);
    reader.seconds(t, "keep_s", into.keep, 60);
  }

  template <class R, class Table>
  static void read(R& reader, const Table& t, AnnounceConfig& into) {
    reader.known(t, "queue.announce", {"first_s", "every_s", "say", "comfort", "offer", "music_s"});
    if (!t.get("first_s")) reader.wrong(t, "'first_s' is missing", "first_s = 20");
    reader.seconds(t, "first_s", into.first, 1);
    reader.seconds(t, "every_s", into.every, static_cast<double>(kAnnounceEveryMin / 1s));
    if (t.get("say")) into.position = into.wait = false;
    if (const auto* say = t.get("say") ? t.get("say")->as_array() : nullptr; !say || !say->empty())
      list(reader, t, "say", "say = [\"position\", \"wait\"], or [] for neither", [&into](const auto& one) {
        const auto word = one.template value<std::string>();
        if (word == "position") return into.position = true;
        return word == "wait" && (into.wait = true);
      });
    list(reader, t, "comfort", "comfort = [\"all_busy_please_wait\", \"promotion\"]", [&into](const auto& one) {
      const auto name = one.template value<std::string>();
      if (!name || name->empty() || name->find('/') != std::string::npos) return false;
      into.comfort.push_back(*name);
      return true;
    });
    reader.text(t, "offer", into.offer);
    list(reader, t, "music_s", "music_s = [0, 42.5]", [&into](const auto& one) {
      const auto at = one.template value<double>();
      if (!one.is_number() || !at || !(*at >= 0) || *at > 86'400) return false;
      into.music.push_back(Duration(static_cast<std::int64_t>(*at * 1e6)));
      return true;
    });
  }
};

}  // namespace sr::app
