// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/support_archive.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "tools/boardctl/system_conf.h"

namespace sr::boardctl {
namespace fs = std::filesystem;
namespace {

std::string without_comments(const std::string& text) {
  std::string out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line.resize(std::min(line.size(), line.find('#')));
    if (line.find_first_not_of(" \t\r") != std::string::npos) out += line + "\n";
  }
  return out;
}

std::string dahdi_modules(const Host& host) {  // of /proc/modules, what has to do with boards
  std::string out;
  std::istringstream in(Host::read(host.proc + "/modules").value_or(""));
  for (std::string line; std::getline(in, line);)
    for (const char* part : {"dahdi", "wct", "wca", "opvx", "xpp", "xpd", "wanpipe", "oct612x"})
      if (line.starts_with(part)) { out += line + "\n"; break; }
  return out;
}

// Kinds, states, alarms and counters; of the calls only how many.
std::string boardd_state(const board::Snapshot& s) {
  std::string out = fmt::format("epoch {} event {} at {} legs {} stations {}\n", s.epoch, s.seq, to_iso8601(s.at), s.legs.size(), s.stations.size());
  int n = 0;
  for (const auto& span : s.spans) {
    out += fmt::format("span {} {} {} D {} {} of {} in use, {} busied out, alarms", ++n, span.kind, span.in_service ? "in service" : "OUT OF SERVICE",
                       span.d_channel_up ? "up" : "down", span.in_use, span.channels, span.busied_out.size());
    for (const auto& alarm : span.alarms) out += " " + alarm;
    out += "\n ";
    for (const auto& [name, count] : span.counters) out += fmt::format(" {}={}", name, count);
    out += '\n';
  }
  return out;
}

std::string profile_state(const profile::Profile& p) {
  std::string out;
  int n = 0;
  for (const auto& s : p.spans)
    out += fmt::format("span {} kind {} {} {} phones {} driver {}\n", ++n, static_cast<int>(s.kind), s.network_side ? "network" : "user", s.switch_type, s.stations.size(),
                       s.dahdi ? "dahdi" : "soft");
  return out + without_comments(system_conf(p)) + without_comments(modprobe_conf(p));
}

// A cause names spans, the profile's file and what was dialled, which may be a customer's words: the same findings under names
// of ours. It may not be copied: the findings point into it.
struct Anonymous {
  explicit Anonymous(const Findings& f) : findings(f) {
    if (f.profile != nullptr) {
      profile = *f.profile;
      profile->file = "profile";
      for (auto& s : profile->spans) s.name = s.group = number(s.name);
      findings.profile = &*profile;
    }
    if (f.boardd != nullptr) {
      boardd = *f.boardd;
      for (auto& s : boardd->spans) s.span = number(s.span);
      findings.boardd = &*boardd;
    }
    if (f.call) findings.call->text = f.call->answered ? "answered" : "not answered";
  }
  Anonymous(const Anonymous&) = delete;
  Anonymous& operator=(const Anonymous&) = delete;

  std::string number(const std::string& name) { return "span" + std::to_string(numbers.try_emplace(name, numbers.size() + 1).first->second); }

  std::map<std::string, std::size_t> numbers;
  std::optional<profile::Profile> profile;
  std::optional<board::Snapshot> boardd;
  Findings findings;
};

}  // namespace

std::vector<ArchiveFile> support_files(const Host& host, const Findings& f) {
  const Anonymous plain(f);
  std::vector<ArchiveFile> out{{"doctor.txt", doctor_page(examine(plain.findings))},
                               {"boards.json", detect_json(f.after.found)},
                               {"kernel.txt", f.after.kernel + "\n" + Host::read(host.proc + "/version").value_or("")},
                               {"interrupts-before.txt", ""},
                               {"interrupts-after.txt", Host::read(host.proc + "/interrupts").value_or("")},
                               {"modules.txt", dahdi_modules(host)},
                               {"cpu.txt", Host::word(host.proc + "/loadavg") + "\n"}};
  for (const auto& [address, n] : f.before.interrupts) out[3].text += fmt::format("{} {}\n", address, n);
  for (const auto& name : Host::list(host.proc + "/dahdi")) out.push_back({"dahdi-span-" + name + ".txt", Host::read(host.proc + "/dahdi/" + name).value_or("")});
  for (const char* path : {"/dahdi/system.conf", "/dahdi/modules", "/modprobe.d/switchroom.conf"})
    if (const auto text = Host::read(host.etc + path)) {
      std::string name(path + 1);
      std::replace(name.begin(), name.end(), '/', '-');
      out.push_back({name, without_comments(*text)});
    }
  if (f.profile != nullptr) out.push_back({"profile.txt", profile_state(*f.profile)});
  if (f.boardd != nullptr) out.push_back({"boardd.txt", boardd_state(*f.boardd)});
  return out;
}

Status write_archive(const std::string& file, const std::vector<ArchiveFile>& files, const Runner& run) {
  char name[] = "/tmp/switchroom-doctor-XXXXXX";
  if (::mkdtemp(name) == nullptr) return fail("no directory can be made in /tmp", file, "make room there");
  const std::string inside = std::string(name) + "/switchroom-doctor";
  std::error_code error;
  fs::create_directories(inside, error);
  for (const auto& one : files) std::ofstream(inside + "/" + one.name, std::ios::binary) << one.text;
  const auto result = run({"tar", "-czf", file, "-C", name, "switchroom-doctor"});
  fs::remove_all(name, error);
  if (result.exit_code != 0) return fail("cannot be written: " + result.output, file, "name a file in a directory you may write to");
  return {};
}

}  // namespace sr::boardctl
