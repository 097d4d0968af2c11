// The end of a command: was what it printed written? A full disk is an error; a reader that has seen enough (head, less) is none.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace sr {

int after_output(const char* program, int code, int failed);  // code; or a message on stderr, and `failed`

}  // namespace sr
