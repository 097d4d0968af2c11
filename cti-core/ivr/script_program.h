// A script with the files it includes: read, compiled, checked. One version of it lives as long as a call uses it.
// Each file is compiled once; a call's globals are its first argument ("local _ENV = ..."), so that all calls share the code.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <lua.hpp>
#include <map>
#include <string>
#include <vector>

#include "cti-core/ivr/script_check.h"

namespace sr::ivr {

struct Program {
  std::string name;
  int main = LUA_NOREF;                   // registry references
  std::map<std::string, int> libraries;   // by the name in include("…")
  std::map<std::string, std::int64_t> files;  // every file it was made from, with its time of change
};

struct Loaded {
  Program program;            // usable only when there are no errors
  std::vector<Error> errors;
};

Loaded load_program(lua_State* lua, const std::string& directory, const std::string& script, const Names& names);
void release(lua_State* lua, const Program& program);
std::int64_t changed_at(const std::string& path);  // nanoseconds, -1: no such file

}  // namespace sr::ivr
