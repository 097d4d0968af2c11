// The verbs that look at the machine instead of asking boardd.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>

#include "drivers/profile/profile.h"
#include "tools/boardctl/apply.h"
#include "tools/boardctl/detect.h"
#include "tools/boardctl/doctor.h"
#include "tools/boardctl/host.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/support_archive.h"
#include "tools/boardctl/verbs.h"

namespace sr::boardctl {
namespace {

constexpr Duration kBetweenLooks = 1s;  // a board interrupts a thousand times in it

int say(const std::string& text) { return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? kOk : kRefused; }

int complain(const std::string& why, int code) {
  std::fprintf(stderr, "boardctl: %s\n", why.c_str());
  return code;
}

int say(const Outcome& outcome) {
  if (const int code = say(outcome.text); code != kOk) return code;
  return outcome.error.empty() ? outcome.exit_code : complain(outcome.error, outcome.exit_code);
}

Runner runner_for(const std::string& root) { return root.empty() ? Runner(run_command) : Runner(); }

}  // namespace

int detect_boards(const std::string& sysfs, const std::string& modules, bool as_json) {
  Host host;
  for (const auto& [given, kept] : {std::pair{&sysfs, &host.sys}, std::pair{&modules, &host.modules}}) {
    if (given->empty()) continue;
    if (!Host::exists(*given)) return complain(*given + " is not there", kUsage);
    *kept = *given;
  }
  const auto found = detect(host);
  if (as_json)
    for (const auto& one : found.unknown) std::fprintf(stderr, "boardctl: %s\n", one.c_str());
  return say(as_json ? detect_json(found) : detect_page(found, host.kernel));
}

int apply_profile(const std::string& file, bool dry, const std::string& root) {
  const auto profile = profile::read_profile(file);
  if (!profile) return complain(profile.error().text(), kUsage);
  if (dry) return say(dry_run(*profile, root));
  return say(apply(*profile, Host(root), runner_for(root), wait_for));
}

int call(const std::string& socket_path, const CallOrder& order) {
  const auto result = test_call(socket_path, order, [](const std::string& line) { say(line + "\n"); });
  return result.exit_code;
}

int doctor(const DoctorOrder& order) {
  std::optional<profile::Profile> profile;
  if (!order.profile.empty()) {
    auto read = profile::read_profile(order.profile);
    if (!read) return complain(read.error().text(), kUsage);
    profile = std::move(*read);
  }
  const Host host(order.root);
  Findings f;
  f.before = look(host);
  if (order.call) {
    const auto result = test_call(order.socket_path, *order.call, [](const std::string&) {});
    f.call = TestCall{result.answered, result.text.empty() ? "boardd does not run, or refused" : result.text};
  }
  const auto boardd = ask_snapshot(order.socket_path, true, nullptr);
  if (order.root.empty() && !f.before.interrupts.empty()) wait_for(kBetweenLooks);
  f.after = look(host);
  f.profile = profile ? &*profile : nullptr;
  f.boardd = boardd ? &*boardd : nullptr;
  const auto steps = examine(f);
  if (const int code = say(order.as_json ? doctor_json(steps, host.kernel) : doctor_page(steps)); code != kOk) return code;
  if (!order.archive.empty())
    if (const auto ok = write_archive(order.archive, support_files(host, f), run_command); !ok) return complain(ok.error().text(), kRefused);
  return healthy(steps) ? kOk : kTrouble;
}

int roll_back(const std::string& root) { return say(rollback(Host(root), runner_for(root))); }

}  // namespace sr::boardctl
