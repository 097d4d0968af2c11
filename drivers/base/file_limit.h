// How many files and sockets this process may hold open.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace sr {

// Raises the soft limit to the hard one, which needs no privilege; gives back what holds now. Distributions start daemons with
// 1024 for the sake of select(), which nothing here uses.
std::uint64_t raise_file_limit();

}  // namespace sr
