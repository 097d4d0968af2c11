// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_shelf.h"

#include <algorithm>

#include "drivers/base/log.h"

namespace sr::ivr {

Status ScriptShelf::load(const std::string& script) {
  Loaded loaded = load_program(lua_, directory_, script, names_);
  if (!loaded.errors.empty()) {
    refused_[script] = {loaded.program.files, loaded.errors.front()};
    return std::unexpected(loaded.errors.front());
  }
  refused_.erase(script);
  if (const auto old = current_.find(script); old != current_.end()) {
    versions_.at(old->second).current = false;
    drop(old->second);
  }
  const Version version = ++last_;
  versions_[version].program = std::move(loaded.program);
  current_[script] = version;
  return {};
}

std::vector<Error> ScriptShelf::check(const std::string& script) {
  Loaded loaded = load_program(lua_, directory_, script, names_);
  if (loaded.errors.empty()) release(lua_, loaded.program);
  return loaded.errors;
}

void ScriptShelf::reload_changed() {
  for (const std::string& script : names()) {
    const auto refused = refused_.find(script);
    if (!changed(refused != refused_.end() ? refused->second.files : versions_.at(current_.at(script)).program.files)) continue;
    if (const Status done = load(script)) {
      ++reloaded;
      log::info("script {}: new version in service", script);
    } else {
      ++reload_refused;
      log::error("script {}: refused, the previous version stays: {}", script, done.error().text());
    }
  }
}

Result<ScriptShelf::Version> ScriptShelf::take(const std::string& script) {
  if (!current_.contains(script)) {
    const auto refused = refused_.find(script);
    if (refused != refused_.end() && !changed(refused->second.files)) return std::unexpected(refused->second.error);
    if (Status loaded = load(script); !loaded) return std::unexpected(loaded.error());
  }
  const Version version = current_.at(script);
  ++versions_.at(version).users;
  return version;
}

void ScriptShelf::give_back(Version version) {
  --versions_.at(version).users;
  drop(version);
}

void ScriptShelf::drop(Version version) {
  const auto found = versions_.find(version);
  if (found->second.current || found->second.users > 0) return;
  release(lua_, found->second.program);
  versions_.erase(found);
}

bool ScriptShelf::changed(const std::map<std::string, std::int64_t>& files) const {
  return std::any_of(files.begin(), files.end(), [this](const auto& f) { return changed_at(directory_ + "/" + f.first) != f.second; });
}

std::vector<std::string> ScriptShelf::names() const {
  std::vector<std::string> out;
  for (const auto& [name, version] : current_) out.push_back(name);
  return out;
}

}  // namespace sr::ivr
