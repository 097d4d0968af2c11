// The center's file as a ConfigSource, and what ctid keeps beside its journal: center.accepted.toml, the text in force, and
// center.previous.toml, the one before (`ctictl reload --rollback`); readable by their owner only, for there are PINs in them. A start
// reads the center's file and nothing else.
// Reading, checking, comparing and keeping run on a thread of its own, one after the other: a file for a thousand agents takes longer than
// the reactor may. A mutex, because jobs are rare and large.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "cti-core/app/config_source.h"

namespace sr::app {

struct ConfigPlaces { std::string file, script_dir, prompts, run_dir; };

// What the center itself says must be there in the language of each number.
Status check_prompts(const CenterConfig& config, const std::string& text, const std::string& file, const ConfigPlaces& places);
// The file with everything that it names: these prompts, and scripts that compile and name queues and prompts that there are.
Result<CenterConfig> check_center(const std::string& text, const std::string& file, const ConfigPlaces& places);

class ConfigFiles final : public ConfigSource {
 public:
  using Post = std::function<void(std::function<void()>)>;
  ConfigFiles(ConfigPlaces places, Post post);
  ~ConfigFiles() override;  // what was to be kept is kept; nothing is posted any more

  // Before the reactor runs: keeps the text; what has changed since the last life of ctid.
  std::vector<ConfigChange> started_with(const std::string& text, const CenterConfig& config);

  void read(Which which, std::shared_ptr<const CenterConfig> in_force, std::function<void(Result<Candidate>)> done) override;
  void keep(std::string text, bool another) override;

 private:
  Result<Candidate> read_now(Which which, const CenterConfig& in_force) const;
  void keep_now(const std::string& text, bool another) const;
  void enqueue(std::function<void()> job);
  void work();

  ConfigPlaces places_;
  std::string accepted_, previous_;
  Post post_;
  std::mutex mutex_;  // of jobs_ and stop_
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace sr::app
