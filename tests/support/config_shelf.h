// Configurations for a reload, without files: a test writes `file`; what was in force before is kept as ctid keeps it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>

#include "cti-core/app/config_source.h"

namespace sr::test {

class ConfigShelf final : public app::ConfigSource {
 public:
  void read(Which which, std::shared_ptr<const CenterConfig> in_force, std::function<void(Result<app::Candidate>)> done) override {
    if (!wrong.empty()) return done(fail(wrong, "c.toml:7", "something better"));
    if (which == Which::previous && !previous) return done(fail("no other configuration"));
    read_ = which == Which::file ? file : *previous;
    before_ = *in_force;
    auto run = [done = std::move(done), found = app::candidate(*read_, *in_force)] { done(found); };
    if (slow) late = run;
    else run();
  }
  void keep(std::string, bool another) override {
    if (another) previous = before_;
    ++kept;
  }

  CenterConfig file;
  std::optional<CenterConfig> previous;
  std::string wrong;                // not empty: the file is refused with this
  bool slow = false;                // the test runs `late`
  std::function<void()> late;
  int kept = 0;

 private:
  std::optional<CenterConfig> read_, before_;
};

}  // namespace sr::test
