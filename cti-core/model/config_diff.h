// What is different between two configurations, for people and programs. Every described member is compared, so a key that is added
// to model/config.h is shown without a line here. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "cti-core/model/config.h"

namespace sr {

// added, removed: a whole table, or a part of one. members: of a list; `from` names those that went, `to` those that came. moved: another order.
BOOST_DEFINE_ENUM_CLASS(ChangeKind, changed, added, removed, members, moved)
struct ConfigChange {
  std::string table;       // "queue", "agent" …; "center" for what there is once
  std::string name;        // "orders"; empty for "center"
  std::string key;         // "timeout", "overflow service when begin waiting"; empty: all of it
  ChangeKind what = ChangeKind::changed;
  std::string from, to;    // as people write them; never a PIN
  bool operator==(const ConfigChange&) const = default;
};
BOOST_DESCRIBE_STRUCT(ConfigChange, (), (table, name, key, what, from, to))

// Sorted by table, name and key. Empty exactly when the two are the same.
std::vector<ConfigChange> differences(const CenterConfig& from, const CenterConfig& to);
std::string in_words(const ConfigChange& change);  // "queue orders: timeout 120 s -> 90 s"

}  // namespace sr
