// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/peer.h"

#include <pwd.h>
#include <sys/socket.h>

#include <cstdio>
#include <memory>

namespace sr::cti {

long peer_uid(int fd) {
  ucred who{};
  socklen_t size = sizeof who;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 ? static_cast<long>(who.uid) : -1;
}

std::string user_name(long uid, const std::string& users) {
  if (uid < 0) return "?";
  constexpr int kUsersMax = 10'000;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(users.c_str(), "re"), std::fclose);
  for (int n = 0; file && n < kUsersMax; ++n) {
    const struct passwd* one = ::fgetpwent(file.get());
    if (!one) break;
    if (static_cast<long>(one->pw_uid) == uid) return one->pw_name;
  }
  return "uid " + std::to_string(uid);
}

}  // namespace sr::cti
