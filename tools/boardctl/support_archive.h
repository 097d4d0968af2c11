// What support needs to judge a machine from afar, and nothing about its customers: no number, no name, no recording, no frame.
// So nothing is copied whole but what the kernel writes itself; comments of configuration and everything of a call stay out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "tools/boardctl/command.h"
#include "tools/boardctl/doctor.h"

namespace sr::boardctl {

struct ArchiveFile {
  std::string name;
  std::string text;
};

std::vector<ArchiveFile> support_files(const Host& host, const Findings& findings);
Status write_archive(const std::string& file, const std::vector<ArchiveFile>& files, const Runner& run);  // tar.gz

}  // namespace sr::boardctl
