// `ctictl ivr check FILE`: what ctid would say about a script, without a ctid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cti-core/app/config_toml.h"
#include "cti-core/ivr/script_check.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/verbs.h"

namespace sr::ctictl {

int ivr_check(const std::string& file, const std::string& config, const std::string& prompts, bool as_json) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (!fs::is_regular_file(file, none)) return fmt::print(stderr, "ctictl: no file {}\n", file), kUsage;
  const fs::path path(file);
  // Scripts and what they include are named below the folder of the configuration.
  const fs::path folder = config.empty() ? path.parent_path() : fs::path(config).parent_path();
  std::string script = fs::relative(path, folder.empty() ? "." : folder, none).string();
  std::string directory = folder.empty() ? "." : folder.string();
  if (none || script.starts_with("..")) directory = path.parent_path().empty() ? "." : path.parent_path().string(), script = path.filename().string();
  ivr::Names names;
  if (!config.empty()) {
    auto center = app::read_center(config, "");
    if (!center) return fmt::print(stderr, "ctictl: {}\n", center.error().text()), kUsage;
    names.queue_exists = [queues = std::move(center->queues)](const std::string& name) {
      return std::any_of(queues.begin(), queues.end(), [&](const auto& queue) { return queue.name == name; });
    };
  }
  if (fs::is_directory(prompts, none)) names.prompt_exists = [prompts](const std::string& name) { return fs::exists(prompts + "/" + name + ".wav"); };
  const auto errors = ivr::check_script(directory, script, names);
  if (as_json) {
    std::string out = "[";
    for (const Error& error : errors) {
      out += out.size() > 1 ? ",{\"where\":" : "{\"where\":";
      json::write_string(out, error.where);
      out += ",\"what\":";
      json::write_string(out, error.what);
      out += ",\"fix\":";
      json::write_string(out, error.fix);
      out += '}';
    }
    fmt::print("{}]\n", out);
  } else {
    for (const Error& error : errors) fmt::print("{}\n", error.text());
    if (errors.empty()) fmt::print("{}: nothing is wrong\n", file);
  }
  return errors.empty() ? kOk : kRefused;
}

}  // namespace sr::ctictl
