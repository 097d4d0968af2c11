// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "cti-core/app/announce_prompts.h"
#include "cti-core/app/config_toml.h"
#include "cti-core/ivr/script_check.h"
#include "drivers/base/log.h"

namespace sr::app {
namespace {

bool there(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }
bool prompt_there(const ConfigPlaces& places, const std::string& name) { return name.find("..") == std::string::npos && there(places.prompts + "/" + name + ".wav"); }

// Where the file says it; a prompt that it does not name is one that is always needed.
std::string at_word(const std::string& text, const std::string& file, const std::string& word) {
  std::size_t at = text.find('"' + word + '"');
  if (at == std::string::npos) at = text.find("'" + word + "'");
  if (at == std::string::npos) return file;
  return fmt::format("{}:{}", file, 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

Status write_whole(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = fd >= 0;
  for (std::size_t done = 0; good && done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    good = n > 0 || (n < 0 && errno == EINTR);
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  good = good && ::fdatasync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!good) return fail(std::strerror(error), path);
  return {};
}

}  // namespace

Status check_prompts(const CenterConfig& config, const std::string& text, const std::string& file, const ConfigPlaces& places) {
  const auto said = [&](const std::string& by, const std::string& language, const std::string& prompt) -> Status {
    const std::string name = language + "/" + prompt;
    if (prompt_there(places, name)) return {};
    return fail(fmt::format("{}: there is no prompt {}/{}.wav", by, places.prompts, name), at_word(text, file, prompt), fmt::format("add a line to ivr-scripts/prompts/{}.txt, or a WAV", language));
  };
  Status ok;
  for (const auto& n : config.numbers) {
    if (ok) ok = said("fallback_prompt of [center]", n.language, config.fallback_prompt);
    for (const auto& queue : config.queues)
      for (const auto& prompt : announce_prompt_names(queue))
        if (ok) ok = said(fmt::format("queue '{}'", queue.name), n.language, prompt);
    if (ok && !n.capture.prompt.empty()) ok = said(fmt::format("capture of [[number]] {}", n.number), n.language, n.capture.prompt);
  }
  return ok;
}

Result<CenterConfig> check_center(const std::string& text, const std::string& file, const ConfigPlaces& places) {
  auto config = parse_center(text, file, places.script_dir);
  if (!config) return config;
  std::set<std::string> queues, scripts;
  for (const auto& queue : config->queues) queues.insert(queue.name);
  for (const auto& n : config->numbers)
    if (!n.script.empty()) scripts.insert(n.script);
  if (auto ok = check_prompts(*config, text, file, places); !ok) return std::unexpected(ok.error());
  const auto prompt_exists = [&](const std::string& name) { return prompt_there(places, name); };
  for (const auto& script : scripts)
    if (auto errors = ivr::check_script(places.script_dir, script, {[&](const std::string& name) { return queues.contains(name); }, prompt_exists}); !errors.empty())
      return std::unexpected(errors.front());
  return config;
}

ConfigFiles::ConfigFiles(ConfigPlaces places, Post post)
    : places_(std::move(places)), accepted_(places_.run_dir + "/center.accepted.toml"), previous_(places_.run_dir + "/center.previous.toml"), post_(std::move(post)) {
  thread_ = std::thread([this] { work(); });
}

ConfigFiles::~ConfigFiles() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::vector<ConfigChange> ConfigFiles::started_with(const std::string& text, const CenterConfig& config) {
  const auto before = there(accepted_) ? center_text(accepted_) : Result<std::string>(text);
  if (before && *before == text && there(accepted_)) return {};
  std::vector<ConfigChange> changes;
  bool another = false;
  if (before && *before != text) {
    const auto old = parse_center(*before, accepted_, {});
    if (old) changes = differences(*old, config);
    another = !old || !changes.empty();  // one that this ctid cannot read is another one
  }
  keep_now(text, another);
  return changes;
}

void ConfigFiles::read(Which which, std::shared_ptr<const CenterConfig> in_force, std::function<void(Result<Candidate>)> done) {
  enqueue([this, which, in_force = std::move(in_force), done = std::move(done)] {
    post_([done, read = std::make_shared<Result<Candidate>>(read_now(which, *in_force))] { done(std::move(*read)); });
  });
}

Result<Candidate> ConfigFiles::read_now(Which which, const CenterConfig& in_force) const {
  const std::string& file = which == Which::file ? places_.file : previous_;
  if (which == Which::previous && !there(previous_)) return fail("no other configuration was in force before this one", {}, "change the file and reload it");
  auto text = center_text(file);
  if (!text) return std::unexpected(text.error());
  auto config = check_center(*text, file, places_);
  if (!config) return std::unexpected(config.error());
  return candidate(std::move(*config), in_force, std::move(*text));
}

void ConfigFiles::keep(std::string text, bool another) {
  enqueue([this, another, text = std::move(text)] { keep_now(text, another); });
}

void ConfigFiles::keep_now(const std::string& text, bool another) const {
  const std::string fresh = accepted_ + ".new";
  Status ok = write_whole(fresh, text);
  if (ok && another && there(accepted_) && ::rename(accepted_.c_str(), previous_.c_str()) != 0) ok = fail(std::strerror(errno), previous_);
  if (ok && ::rename(fresh.c_str(), accepted_.c_str()) != 0) ok = fail(std::strerror(errno), accepted_);
  if (!ok) log::error("the configuration is in force but cannot be kept for a rollback: {}", ok.error().text());
}

void ConfigFiles::enqueue(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void ConfigFiles::work() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace sr::app
