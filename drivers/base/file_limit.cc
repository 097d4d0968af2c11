// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/file_limit.h"

#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "drivers/base/log.h"

namespace sr {

std::uint64_t raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (before == limit.rlim_max) return before;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) return limit.rlim_cur;
  log::warn("the limit of {} open files stays: {}", before, std::strerror(errno));
  return before;
}

}  // namespace sr
