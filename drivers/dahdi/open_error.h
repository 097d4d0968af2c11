// What the kernel's errno means to a technician: cause and fix in words. `where` is the line of the profile that asked for it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "drivers/base/result.h"
#include "drivers/dahdi/device.h"

namespace sr::dahdi {

Error control_error(int error, const std::string& where);               // /dev/dahdi/ctl could not be asked
Error open_error(int error, int channel, const std::string& where);     // a channel could not be opened
std::string signalling_name(int signalling);                            // as system.conf writes it: "bchan", "fxoks"

}  // namespace sr::dahdi
