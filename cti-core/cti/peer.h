// Who is at the other end of a Unix socket, as the kernel says it (SO_PEERCRED): the user's name, or "uid N" for one that
// /etc/passwd does not name. The file is read when asked; no name service, which might let us wait.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

namespace sr::cti {

long peer_uid(int fd);  // -1: not to be had
std::string user_name(long uid, const std::string& users = "/etc/passwd");

}  // namespace sr::cti
