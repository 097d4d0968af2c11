// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace sr::ctictl {

inline constexpr int kOk = 0;
inline constexpr int kRefused = 1;    // ctid refused, the books differ, or the script is wrong
inline constexpr int kUsage = 2;      // wrong arguments, or a file that is none of ours
inline constexpr int kNobody = 3;     // no ctid on the socket, or it went away

}  // namespace sr::ctictl
