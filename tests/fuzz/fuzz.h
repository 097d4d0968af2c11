// What the harnesses share. A harness is one parser: any bytes in, no crash, and what was accepted holds what it promises.
// Its head says what it is linked from, for tests/fuzz/run:
//   // libs: drivers/board drivers/base     folders
//   // own: drivers/media/tones.cc           single files, where a whole folder would be much to build
//   // sys: -lboost_json                    other libraries
//   // seeds: hw-profiles/*.toml            files to begin with, besides tests/fuzz/seeds/<name>/
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#define FUZZ_ENSURE(condition) ((condition) ? (void)0 : std::abort())

void fuzz_one(std::string_view text);  // each harness defines it

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_one({reinterpret_cast<const char*>(data), size});
  return 0;
}
