// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace sr::ctictl {

inline constexpr int kOk = 0;
inline constexpr int kRefused = 1;    // ctid refused, the books differ, the script is wrong, or no staff is enough
inline constexpr int kUsage = 2;      // wrong arguments, or a file that is none of ours
inline constexpr int kNobody = 3;     // no ctid on the socket, or it went away
inline constexpr int kInterrupted = 130;  // Ctrl-C before there was a result; as a shell says it

}  // namespace sr::ctictl
