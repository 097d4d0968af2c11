// From the hardware profile to what the parts are made of. boardd's main and callgen use it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "drivers/daemon/board_core.h"
#include "drivers/daemon/pcap_trace.h"
#include "drivers/profile/profile.h"
#include "drivers/span/soft_span.h"

namespace sr::daemon {

std::vector<SoftSpanConfig> soft_spans(const profile::Profile& profile);  // those without a board
std::vector<SpanSetup> span_setups(const profile::Profile& profile, const std::vector<SpanDriver*>& drivers);  // both in the profile's order
std::vector<TraceSpan> trace_spans(const profile::Profile& profile);
media::MediaConfig media_config(const profile::Profile& profile, const std::string& run_dir);
Status make_directories(const std::string& path);  // as mkdir -p

}  // namespace sr::daemon
