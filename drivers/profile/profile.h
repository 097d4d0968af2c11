// The hardware profile: one TOML file describes the boards and lines of a center (hw-profiles/README.md lists every key and unit).
// read_profile() names file:line, what is wrong and what to write instead; an unknown key is an error. Read once, before anything
// starts. Times in the file end in _s or _ms, here they are Durations.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/base/time.h"
#include "drivers/profile/dahdi_keys.h"
#include "drivers/span/span.h"

namespace sr::profile {

inline constexpr std::size_t kSpansMax = 64;           // [[span]] tables
inline constexpr std::size_t kNfasSpansMax = 20;       // spans under one D channel (T1.607)
inline constexpr int kFxsPortsMax = kSpanChannelsMax;  // phones or lines of one bank

struct Station { int channel = 0; std::string number; };

struct SpanProfile {                 // [[span]]
  std::string name;
  SpanKind kind = SpanKind::e1;
  std::string group;                 // trunk group; e1, t1, fxo
  // e1, t1
  bool network_side = false;
  std::string side_where;            // file:line of it
  std::string switch_type = "euroisdn";
  std::string hunt;                  // of the whole group; "": by the side
  std::string nfas_group;            // "": a span by itself
  int nfas_interface = -1;
  std::string d_channel = "primary"; // of the NFAS group: primary backup none
  bool overlap = false;
  std::size_t number_length = 0;
  bool restart_at_start = true;
  Duration t301 = 180s, t302 = 15s, t304 = 30s, t309 = 90s, t310 = 10s;
  // fxs
  std::vector<Station> stations;
  Duration flash = 1250ms, howler = 30s, dial_tone = 15s;
  std::optional<DahdiLine> dahdi;    // nothing: a soft span
};

struct Profile {
  std::string file;
  // [board]; relative paths are below the run directory, prompt_dir and music below the working directory
  std::string socket = "board.sock", softspan_socket = "softspan.sock", spool = "board.spool", trace_dir = ".", record_dir = "recordings";
  std::string prompt_dir = "build/prompts", music;
  std::string tone_zone = "cn";
  int disk_low_percent = 5;
  Duration fallback_after = 10s;
  std::string fallback_prompt = "zh/fallback";
  bool realtime = true;
  Duration alarm_clear_calls = 2500ms;
  DahdiBoard dahdi;
  std::vector<SpanProfile> spans;

  // `path` below `run_dir`, unless it is absolute.
  static std::string below(const std::string& run_dir, const std::string& path);
};

Result<Profile> read_profile(const std::string& file);
Result<Profile> parse_profile(std::string_view toml, const std::string& file);  // `file` for the error texts

// "1001-1024" or "1001-1010,1015": port 1, 2, … in this order.
Result<std::vector<Station>> parse_stations(std::string_view text);

}  // namespace sr::profile
