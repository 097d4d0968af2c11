// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/apply.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/boardctl/config_files.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/span_check.h"
#include "tools/boardctl/system_conf.h"

namespace sr::boardctl {
namespace {

using profile::Profile;

bool any_board(const Profile& p) {
  return std::ranges::any_of(p.spans, [](const auto& s) { return s.dahdi.has_value(); });
}

std::string advice(const std::string& program) {
  return program == "dahdi_cfg" ? "apt-get install dahdi" : program == "modprobe" ? "boardctl detect shows what brings the module" : "";
}

// What the line of a failed command becomes.
std::string complaint(const std::vector<std::string>& words, const CommandResult& r) {
  std::string said = r.output.substr(0, 2000);
  while (said.ends_with('\n')) said.pop_back();
  if (r.exit_code == 127) return fmt::format("{}: there is no such program ({})", words[0], advice(words[0]));
  if (r.exit_code < 0) return fmt::format("{}: did not end within {} s", joined(words), kCommandMax / 1s);
  const std::string fix = words[0] == "modprobe"    ? " (" + advice("modprobe") + ")"
                          : words[0] == "dahdi_cfg" ? " (a boardd that has the spans open must be stopped first; the files stay, boardctl rollback takes them back)"
                                                    : "";
  return fmt::format("{}: exit {}{}{}", joined(words), r.exit_code, said.empty() ? "" : ": " + said, fix);
}

std::string spans_text(const Profile& p, const std::vector<ProcSpan>& now, bool& all_up) {
  std::string out;
  all_up = true;
  for (const auto& s : p.spans) {
    if (!s.dahdi) continue;
    auto trouble = span_trouble(s, p.file, now);
    const auto span = std::ranges::find(now, s.dahdi->span, &ProcSpan::number);
    if (!trouble && span != now.end()) trouble = alarm_trouble(*span, &s, p.file);
    all_up = all_up && !trouble;
    out += trouble ? fmt::format("{}: not up\n  {}\n  try: {}\n", s.name, trouble->cause, trouble->fix)
                   : fmt::format("{}: up, DAHDI span {}, channels {} to {}\n", s.name, s.dahdi->span, s.dahdi->first_channel, s.dahdi->first_channel + s.dahdi->channels - 1);
  }
  return out;
}

std::vector<std::vector<std::string>> commands_of(const Profile& p) {
  std::vector<std::vector<std::string>> out{{"modprobe", "dahdi"}};
  for (const auto& module : p.dahdi.modules) out.push_back({"modprobe", module});
  out.push_back({"dahdi_cfg", "-c", "/etc/dahdi/system.conf"});
  return out;
}

Outcome nothing_to_apply(const Profile& p) { return {kUsage, "", p.file + ": no span has driver = \"dahdi\": a soft span needs nothing to be applied"}; }

}  // namespace

Outcome dry_run(const Profile& p, const std::string& root) {
  if (!any_board(p)) return nothing_to_apply(p);
  const std::string changes = difference(root, config_files(p));
  return {kOk, changes.empty() ? "nothing would change\n" : changes, ""};
}

Outcome apply(const Profile& p, const Host& host, const Runner& run, const Wait& wait) {
  if (!any_board(p)) return nothing_to_apply(p);
  std::vector<std::string> loaded;
  for (const auto& module : p.dahdi.modules)
    if (host.module_loaded(module)) loaded.push_back(module);
  const bool new_options = Host::read(host.root + "/etc/modprobe.d/switchroom.conf") != modprobe_conf(p);
  const auto replaced = replace_files(host.root, config_files(p));
  if (!replaced) return {kRefused, "", replaced.error().text()};
  Outcome out;
  out.text = *replaced == 0 ? "the files are so already\n" : fmt::format("{} files written, the previous ones kept: boardctl rollback\n", *replaced);
  if (!run) {
    out.text += "another root: nothing is loaded here\n";
    return out;
  }
  for (const auto& words : commands_of(p)) {
    const auto result = run(words);
    if (result.exit_code != 0) return {kRefused, out.text, complaint(words, result)};
    out.text += joined(words) + ": done\n";
  }
  if (new_options && !loaded.empty())
    out.text += fmt::format("{0} was loaded before: its new options count after modprobe -r {0} && boardctl apply {1}\n", loaded.front(), p.file);
  bool all_up = false;
  std::string spans;
  for (Duration waited{}; ; waited += 500ms) {
    spans = spans_text(p, proc_spans(host), all_up);
    if (all_up || waited >= kSpanUpMax) break;
    wait(500ms);
  }
  out.text += spans;
  out.exit_code = all_up ? kOk : kTrouble;
  return out;
}

Outcome rollback(const Host& host, const Runner& run) {
  const auto restored = restore_files(host.root);
  if (!restored) return {kRefused, "", restored.error().text()};
  Outcome out;
  for (const auto& path : *restored) out.text += path + ": as before\n";
  if (!run || !Host::exists(host.root + "/etc/dahdi/system.conf")) return out;
  const std::vector<std::string> words{"dahdi_cfg", "-c", "/etc/dahdi/system.conf"};
  const auto result = run(words);
  if (result.exit_code != 0) return {kRefused, out.text, complaint(words, result)};
  out.text += joined(words) + ": done\n";
  return out;
}

}  // namespace sr::boardctl
