// A whole configuration file as text.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <string>

#include "drivers/base/result.h"

namespace sr {

// Fails for what is no regular file – a directory, a device, a pipe that would make the reader wait for ever – and for more than `bytes_max`.
// `fix` says what stands in such a file. Reads from the disk: not in a thread that carries calls.
Result<std::string> file_text(const std::string& file, std::size_t bytes_max, const std::string& fix);

}  // namespace sr
