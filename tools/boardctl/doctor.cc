// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "drivers/base/json.h"
#include "tools/boardctl/span_check.h"

namespace sr::boardctl {
namespace {

using profile::Bus;

bool only_soft(const Findings& f) {
  return f.profile != nullptr && std::ranges::none_of(f.profile->spans, [](const auto& s) { return s.dahdi.has_value(); });
}

Step passed(std::string text) { return {"", Verdict::passed, std::move(text), ""}; }
Step failed(std::string text, std::string fix) { return {"", Verdict::failed, std::move(text), std::move(fix)}; }
Step untestable(std::string text) { return {"", Verdict::untestable, std::move(text), ""}; }

Step board(const Findings& f) {
  const auto& found = f.after.found;
  if (!found.unknown.empty() && found.boards.empty()) return failed(found.unknown.front(), "tell support the name on the board and this line");
  if (!found.boards.empty()) {
    std::string names;
    for (const auto& b : found.boards) names += fmt::format("{}{} at {}", names.empty() ? "" : ", ", b.kind->model, b.address);
    return passed(names);
  }
  if (!f.after.spans.empty()) return untestable("no board, but DAHDI has spans: they are dynamic ones, or the board is of an unknown kind");
  if (only_soft(f) || (f.boardd != nullptr && f.profile == nullptr)) return untestable("no board found; boardd works with soft spans");
  return failed("no board found", "switch the machine off, seat the board again or in another slot; lspci -nn must list it");
}

Step module(const Findings& f) {
  if (f.after.found.boards.empty()) return untestable("there is no board that needs one");
  std::string names;
  for (const auto& b : f.after.found.boards) {
    if (!b.module_built && !b.module_loaded) return failed(fmt::format("{} needs the module {}, kernel {} does not have it", b.kind->model, b.kind->module, f.after.kernel), b.fix);
    if (!b.module_loaded) return failed(fmt::format("the module {} is not loaded", b.kind->module), b.fix);
    if (!b.fix.empty()) return failed(fmt::format("the module {} is loaded but has not taken {} at {}", b.kind->module, b.kind->model, b.address), b.fix);
    names += fmt::format("{}{} drives {}", names.empty() ? "" : ", ", b.kind->module, b.address);
  }
  return passed(names);
}

Step firmware(const Findings& f) {
  if (f.after.found.boards.empty()) return untestable("there is no board that needs one");
  for (const auto& b : f.after.found.boards)
    if (b.kind->model.find("firmware missing") != std::string_view::npos)
      return failed(fmt::format("{} at {}", b.kind->model, b.address), "apt-get install dahdi-firmware-nonfree (component non-free), then unplug and plug the device");
  if (!f.after.firmware_missing.empty())
    return failed(f.after.firmware_missing.front() + " is not in /lib/firmware", "apt-get install dahdi-firmware-nonfree (component non-free), then load the module again");
  const bool any = std::ranges::any_of(f.after.found.boards, [](const FoundBoard& b) { return !b.kind->firmware.empty(); });
  return passed(any ? "there" : "none needed");
}

long count(const std::vector<ProcSpan>& spans, int number, const char* name) {
  const auto span = std::ranges::find(spans, number, &ProcSpan::number);
  return span == spans.end() || !span->counts.contains(name) ? 0 : span->counts.at(name);
}

Step interrupt(const Findings& f) {
  std::string seen;
  for (const auto& [address, n] : f.after.interrupts) {
    const auto before = f.before.interrupts.find(address);
    if (before == f.before.interrupts.end()) continue;
    if (n <= before->second)
      return failed(fmt::format("the interrupt of the board at {} does not come", address), "put the board into another slot, or switch the slot's interrupt sharing off in the BIOS");
    seen += fmt::format("{}{} of {}", seen.empty() ? "" : ", ", n - before->second, address);
  }
  for (const auto& span : f.after.spans) {
    if (const long n = count(f.after.spans, span.number, "IRQ misses") - count(f.before.spans, span.number, "IRQ misses"); n > 0)
      return failed(fmt::format("span {}: {} interrupts were missed just now", span.number, n), "give the board an interrupt of its own: another slot, no shared line in /proc/interrupts");
    if (const long n = count(f.after.spans, span.number, "Timing slips") - count(f.before.spans, span.number, "Timing slips"); n > 0)
      return failed(fmt::format("span {}: {} timing slips just now: two clocks on one board", span.number, n), "write timing = 1 for the span of the exchange, and 0 where we are the exchange");
  }
  if (seen.empty() && f.after.spans.empty()) return untestable("no board is driven yet");
  return passed(seen.empty() ? "no slips" : "interrupts " + seen + ", no slips");
}

Step span(const Findings& f) {
  const auto& spans = f.after.spans;
  if (only_soft(f)) return untestable("the profile has soft spans only: they need no driver");
  if (!f.after.device_there) {
    if (f.after.found.boards.empty() && spans.empty() && (f.profile == nullptr)) return untestable("DAHDI is not loaded, and there is no board");
    return failed("/dev/dahdi/channel is not there", "modprobe dahdi, and boardctl apply PROFILE");
  }
  if (!f.after.device_allowed) return failed("/dev/dahdi/channel may not be opened by this user", "run as root, or adduser USER dialout (the group of /dev/dahdi) and log in again");
  if (spans.empty()) return failed("DAHDI has no span", "boardctl apply PROFILE loads the board's module");
  if (f.profile != nullptr) {
    for (const auto& s : f.profile->spans)
      if (s.dahdi)
        if (const auto t = span_trouble(s, f.profile->file, spans)) return failed(t->cause, t->fix);
  } else {
    for (const auto& s : spans)
      if (!s.configured()) return failed(fmt::format("span {} ({}) is not configured", s.number, s.name), "boardctl apply PROFILE, or delete the board's span from the machine");
  }
  return passed(fmt::format("{} {}, configured", spans.size(), spans.size() == 1 ? "span" : "spans"));
}

Step framing(const Findings& f) {
  int digital = 0;
  for (const auto& s : f.after.spans) {
    const profile::SpanProfile* wanted = nullptr;
    if (f.profile != nullptr) {
      for (const auto& one : f.profile->spans)
        if (one.dahdi && one.dahdi->span == s.number) wanted = &one;
      if (wanted == nullptr || (wanted->kind != SpanKind::e1 && wanted->kind != SpanKind::t1)) continue;  // of somebody else, or analog
    } else if (s.line.empty() && s.alarms.empty()) {
      continue;
    }
    ++digital;
    if (const auto t = alarm_trouble(s, wanted, wanted == nullptr ? "" : f.profile->file)) return failed(t->cause, t->fix);
  }
  return digital == 0 ? untestable("there is no E1 or T1") : passed(fmt::format("{} {} without an alarm", digital, digital == 1 ? "span" : "spans"));
}

Step d_channel(const Findings& f) {
  if (f.boardd == nullptr) return untestable("boardd does not run: start it with the profile");
  std::string names;
  for (const auto& s : f.boardd->spans) {
    if (s.kind != "e1" && s.kind != "t1") continue;
    if (!s.d_channel_up)
      return failed(fmt::format("the D channel of {} is down: the far side does not answer on timeslot {}", s.span, s.kind == "e1" ? 16 : 24),
                    "first end the alarms of framing; then: one side must be user, the other network; switch_type as the exchange's; boardctl trace " + s.span +
                        " shows SABME without UA when nobody answers");
    names += (names.empty() ? "" : ", ") + s.span;
  }
  return names.empty() ? untestable("boardd has no E1 or T1") : passed("up on " + names);
}

Step test_call(const Findings& f) {
  if (!f.call) return untestable("ask for one: boardctl doctor --call GROUP NUMBER");
  return f.call->answered ? passed(f.call->text) : failed(f.call->text, "boardctl trace SPAN during the call shows the exchange's cause; see that the number and the group are right");
}

}  // namespace

Look look(const Host& host) {
  Look out;
  out.kernel = host.kernel;
  out.found = detect(host);
  for (const auto& b : out.found.boards) {
    if (!b.driver.empty() && b.irq > 0)
      if (const auto n = host.interrupts(b.irq)) out.interrupts[b.address] = *n;
    const std::string file(b.kind->firmware);
    if (!file.empty() && !Host::exists(host.root + (file.front() == '/' ? file : "/lib/firmware/" + file))) out.firmware_missing.push_back(file);
  }
  const std::string device = host.dev + "/dahdi/channel";
  out.device_there = Host::exists(device);
  out.device_allowed = ::access(device.c_str(), R_OK | W_OK) == 0;
  out.spans = proc_spans(host);
  return out;
}

std::vector<Step> examine(const Findings& f) {
  struct Named {
    const char* name;
    Step (*judge)(const Findings&);
  };
  constexpr Named kSteps[] = {{"board", board},     {"module", module},       {"firmware", firmware},   {"interrupt and timing", interrupt},
                              {"span", span},       {"framing", framing},     {"D channel", d_channel}, {"test call", test_call}};
  std::vector<Step> out;
  for (const auto& one : kSteps) {
    out.push_back(one.judge(f));
    out.back().step = one.name;
  }
  return out;
}

std::string doctor_page(const std::vector<Step>& steps) {
  std::string out;
  for (const auto& s : steps) {
    out += fmt::format("{:<21} {:<13} {}\n", s.step, s.verdict == Verdict::passed ? "passed" : s.verdict == Verdict::failed ? "FAILED" : "not testable", s.text);
    if (!s.fix.empty()) out += fmt::format("{:<21} {:<13} {}\n", "", "mend", s.fix);
  }
  return out;
}

std::string doctor_json(const std::vector<Step>& steps, const std::string& kernel) {
  std::string out = "{\"kernel\":";
  json::write_string(out, kernel);
  out += ",\"steps\":";
  json::write(out, steps);
  return out + "}\n";
}

bool healthy(const std::vector<Step>& steps) { return std::ranges::none_of(steps, [](const Step& s) { return s.verdict == Verdict::failed; }); }

}  // namespace sr::boardctl
