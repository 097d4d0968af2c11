// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_program.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string_view>

#include "cti-core/ivr/limits.h"
#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/script_api.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

bool safe_name(const std::string& name) {  // stays below the script directory
  if (name.empty() || name.size() > kNameBytesMax || name.front() == '/' || name.find("..") != std::string::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
  });
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("cannot be read", path, "is the file there?");
  std::string text(kFileBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kFileBytesMax)
    return fail(fmt::format("a script may have {} KB", kFileBytesMax / 1024), path, "split it with include()");
  if (text.find('\0') != std::string::npos || text.starts_with(LUA_SIGNATURE)) return fail("is no Lua source text", path);
  return text;
}

// Gives Lua one line after the other: where an error has no line of its own, the last one given is it.
struct Lines {
  std::string_view left;
  int given = 0;
  static const char* next(lua_State*, void* self, std::size_t* size) {
    Lines& lines = *static_cast<Lines*>(self);
    const std::size_t end = lines.left.find('\n');
    const std::string_view line = lines.left.substr(0, end == std::string_view::npos ? end : end + 1);
    lines.left.remove_prefix(line.size());
    if (!line.empty()) ++lines.given;
    *size = line.size();
    return line.data();
  }
};

class Loader {
 public:
  Loader(lua_State* lua, const std::string& directory) : lua_(lua), directory_(directory) {}

  Loaded run(const std::string& script, const Names& names) {
    out_.program.name = script;
    out_.program.main = file(script, {});
    if (out_.errors.empty()) {
      const Sandboxed sandbox{[this](const std::string& name) { return has_global(lua_, name); },
                              [this](const std::string& library, const std::string& name) {
                                return library == "call" ? is_call_member(name) : has_member(lua_, library, name);
                              }};
      check_names(sources_, sandbox, names, out_.errors);
    }
    std::stable_sort(out_.errors.begin(), out_.errors.end(),
                     [](const Error& a, const Error& b) { return a.where.empty() < b.where.empty(); });
    if (!out_.errors.empty()) release(lua_, out_.program);
    return std::move(out_);
  }

 private:
  int bad(Error error) {
    out_.errors.push_back(std::move(error));
    return LUA_NOREF;
  }

  int file(const std::string& name, const std::string& from) {  // from: "main.lua:3", who includes it
    const std::string where = from.empty() ? name : from;
    if (!safe_name(name))
      return bad({fmt::format("'{}' is no name of a script", name.substr(0, 60)), where,
                  "a path below the script directory: letters, digits, _ - . /"});
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) return bad({fmt::format("'{}' includes itself", name), where, {}});
    if (out_.program.files.size() == kProgramFilesMax)
      return bad({fmt::format("a script may include {} files", kProgramFilesMax - 1), where, {}});
    const std::string path = directory_ + "/" + name;
    out_.program.files[name] = changed_at(path);
    auto text = read_file(path);
    if (!text) return bad({fmt::format("{}: {}", name, text.error().what), where, text.error().fix});
    const int code = compile(name, *text);
    if (code == LUA_NOREF) return code;
    sources_.push_back({name, tokens_of(*text)});
    open_.push_back(name);
    const SourceFile source = sources_.back();
    for (const Included& one : includes_of(source, out_.errors)) {
      if (out_.program.libraries.contains(one.name)) continue;
      const int library = file(one.name, fmt::format("{}:{}", name, one.line));
      if (library != LUA_NOREF) out_.program.libraries[one.name] = library;
    }
    open_.pop_back();
    return code;
  }

  int compile(const std::string& name, const std::string& text) {
    const bool first_is_comment = text.starts_with('#');  // "#!/usr/bin/…"
    const std::string source = std::string("local _ENV = ...; ") + (first_is_comment ? "--" : "") + text;
    const std::string chunk = "@" + name;
    Lines lines{source};
    if (lua_load(lua_, &Lines::next, &lines, chunk.c_str(), "t") != LUA_OK) {
      Error error = error_of(lua_tostring(lua_, -1));
      lua_pop(lua_, 1);
      if (error.where.empty()) {  // "C stack overflow": the parser's own depth
        error.where = fmt::format("{}:{}", name, lines.given);
        if (error.what.find("overflow") != std::string::npos) error = {"brackets, blocks or operators are nested too deeply", error.where, "at most about 190 levels"};
      }
      return bad(std::move(error));
    }
    return luaL_ref(lua_, LUA_REGISTRYINDEX);
  }

  lua_State* lua_;
  const std::string& directory_;
  Loaded out_;
  std::vector<SourceFile> sources_;
  std::vector<std::string> open_;
};

}  // namespace

Loaded load_program(lua_State* lua, const std::string& directory, const std::string& script, const Names& names) {
  return Loader(lua, directory).run(script, names);
}

void release(lua_State* lua, const Program& program) {
  luaL_unref(lua, LUA_REGISTRYINDEX, program.main);
  for (const auto& [name, code] : program.libraries) luaL_unref(lua, LUA_REGISTRYINDEX, code);
}

std::int64_t changed_at(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return -1;
  return std::int64_t{s.st_mtim.tv_sec} * 1'000'000'000 + s.st_mtim.tv_nsec;
}

std::vector<Error> check_script(const std::string& directory, const std::string& script, const Names& names) {
  LuaHeap heap;
  FrozenTurnClock clock;
  TurnMeter meter(heap, clock);
  lua_State* lua = lua_newstate(LuaHeap::allocate, &heap);
  if (lua == nullptr) return {{"no memory", script, {}}};
  meter.install(lua);
  make_sandbox(lua);
  add_script_api(lua);
  const std::string prefix = directory + "/";
  const std::string name = script.starts_with(prefix) ? script.substr(prefix.size()) : script;
  std::vector<Error> errors = load_program(lua, directory, name, names).errors;
  lua_close(lua);
  return errors;
}

}  // namespace sr::ivr
