// The scripts in service: the current version of each, and older ones as long as a call runs them. A version that the check refuses
// leaves the previous one in service, and is neither compiled nor complained about again until a file of it changes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <lua.hpp>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "cti-core/ivr/script_program.h"

namespace sr::ivr {

class ScriptShelf {
 public:
  using Version = std::uint32_t;
  ScriptShelf(lua_State*& lua, std::string directory, Names names) : lua_(lua), directory_(std::move(directory)), names_(std::move(names)) {}

  Status load(const std::string& script);
  std::vector<Error> check(const std::string& script);
  void reload_changed();

  Result<Version> take(const std::string& script);  // the current version, for one call; loads it the first time
  const Program* program(Version version) const { return &versions_.at(version).program; }  // as long as somebody has it
  void give_back(Version version);

  std::vector<std::string> names() const;
  std::uint64_t reloaded = 0, reload_refused = 0;

 private:
  struct Entry { Program program; std::size_t users = 0; bool current = true; };
  struct Refused { std::map<std::string, std::int64_t> files; Error error; };
  bool changed(const std::map<std::string, std::int64_t>& files) const;
  void drop(Version version);

  lua_State*& lua_;
  std::string directory_;
  Names names_;
  std::unordered_map<Version, Entry> versions_;
  std::map<std::string, Version> current_;
  std::map<std::string, Refused> refused_;
  Version last_ = 0;
};

}  // namespace sr::ivr
