// Lines of the CTI socket.
// libs: drivers/base
// own: cti-core/cti/rpc.cc
// sys: -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/rpc.h"
#include "drivers/base/json.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  using namespace sr::cti;
  const Line line = parse_line(text);
  FUZZ_ENSURE(!line.requests.empty() && line.requests.size() <= kBatchMax);
  for (const auto& request : line.requests) {
    if (request.method.empty()) {
      FUZZ_ENSURE(sr::json::parse(error_line(request.id, request.error)).has_value());
      continue;
    }
    FUZZ_ENSURE(request.method.size() <= kMethodNameMax);
    if (!request.id.empty()) FUZZ_ENSURE(sr::json::parse(result_line(request.id, "{}")).has_value());
  }
}
