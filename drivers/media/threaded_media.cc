// MediaPort of boardd: the engine ticks on a thread of its own, a second thread writes the recordings. They and the reactor meet
// in rings only; one eventfd wakes the reactor.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include "drivers/base/log.h"
#include "drivers/media/media_plant.h"
#include "drivers/media/media_port.h"
#include "drivers/media/media_thread.h"

namespace sr::media {
namespace {

constexpr std::size_t kDoneMax = 1'024;         // what the reactor has not taken yet; the writer keeps more for its next turn
constexpr std::size_t kWhyMax = 120;
constexpr int kWriteMs = 100, kIdleTurns = 15;  // the writer's turn; without recordings it looks after the disk only

class EventFd {
 public:
  EventFd() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { SR_ENSURE(fd_ >= 0); }
  ~EventFd() { ::close(fd_); }
  EventFd(const EventFd&) = delete;
  EventFd& operator=(const EventFd&) = delete;
  void raise() const { const std::uint64_t one = 1; (void)!::write(fd_, &one, sizeof one); }
  void clear() const { std::uint64_t n = 0; (void)!::read(fd_, &n, sizeof n); }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

// RecordDone, or a change of disk-low, in the form that passes a ring.
struct WriterNews {
  enum class Kind : std::uint8_t { done, disk_low, disk_free } kind = Kind::done;
  RecordDone::End end = RecordDone::End::done;
  std::uint32_t record = 0, duration_ms = 0;
  std::uint8_t file_length = 0, why_length = 0;
  std::array<char, kRecordFileMax> file{};
  std::array<char, kWhyMax> why{};
};

WriterNews pack(const RecordDone& done) {
  WriterNews news{.end = done.end, .record = done.record, .duration_ms = done.duration_ms};
  news.file_length = static_cast<std::uint8_t>(std::min(done.file.size(), news.file.size()));
  news.why_length = static_cast<std::uint8_t>(std::min(done.why.size(), news.why.size()));
  std::copy_n(done.file.begin(), news.file_length, news.file.begin());
  std::copy_n(done.why.begin(), news.why_length, news.why.begin());
  return news;
}

RecordDone unpack(const WriterNews& news) {
  return {.record = news.record, .file = std::string(news.file.data(), news.file_length), .duration_ms = news.duration_ms, .end = news.end, .why = std::string(news.why.data(), news.why_length)};
}

class ThreadedMedia final : public MediaPort {
 public:
  ThreadedMedia(Reactor& reactor, const MediaConfig& config) : reactor_(reactor), config_(config), plant_(config) {}
  ~ThreadedMedia() override { stop(); }

  int add_span(AudioPort& port) override { return plant_.add_span(port); }

  void start(Handler handler) override {
    handler_ = std::move(handler);
    std::unique_ptr<RecordFiles> files;
    if (config_.record_dir.empty()) files = std::make_unique<MemoryFiles>(false);
    else files = make_disk_files(config_.record_dir);
    plant_.build(std::move(files), {.on_done = [this](RecordDone done) { tell(pack(done)); },
                                    .on_disk_low = [this](bool low) { tell({.kind = low ? WriterNews::Kind::disk_low : WriterNews::Kind::disk_free}); }});
    media_ = std::make_unique<MediaThread>(plant_.loop(), config_.own_clock, stop_media_.fd(), [this] { after_ticks(); });
    watch_ = reactor_.watch_gathered(news_fd_.fd(), [this] { on_news(); });
    writer_thread_ = std::thread([this] { run_writer(); });
    media_thread_ = std::thread([this] { run_media(); });
  }

  void stop() override {
    if (!media_thread_.joinable()) return;
    stop_media_.raise();
    media_thread_.join();
    plant_.end_records();
    stopping_ = true;
    wake_writer_.raise();
    writer_thread_.join();
    on_news();
    for (const auto& news : held_back_) hear(news);
    held_back_.clear();
    watch_.reset();
  }

  Slot slot(int span, int channel) const override { return plant_.slot(span, channel); }
  bool send(const Command& command) override { return plant_.send(command); }
  Result<std::uint32_t> open_record(const std::string& file) override {
    auto record = plant_.open_record(file);
    if (record) wake_writer_.raise();
    return record;
  }
  Result<Clip> prompt(const std::string& name) const override { return plant_.prompt(name); }
  Result<Cadence> tone(const std::string& name) const override { return plant_.tone(name); }
  MediaCounters counters() const override { return plant_.counters(); }
  SpanCounters span_counters(int span) const override { return plant_.span_counters(span); }

 private:
  // ---- media thread
  void run_media() {
    if (config_.realtime)
      if (const std::string refused = ask_realtime(); !refused.empty()) log::warn("media thread without {}: audio may stutter when the machine is busy", refused);
    media_->run();
  }
  void after_ticks() {
    plant_.publish();
    if (plant_.events().size() > 0) news_fd_.raise();
  }

  // ---- writer thread
  void run_writer() {
    while (!stopping_) {
      const bool idle = plant_.writer().idle();
      pollfd wake{wake_writer_.fd(), POLLIN, 0};
      ::poll(&wake, 1, idle ? kWriteMs * kIdleTurns : kWriteMs);
      if (wake.revents != 0) wake_writer_.clear();
      plant_.writer().turn(idle ? kIdleTurns : 1);
      while (!held_back_.empty() && news_.push(held_back_.front())) held_back_.pop_front();
      if (news_.size() > 0) news_fd_.raise();
    }
    plant_.writer().finish_all();
  }
  void tell(const WriterNews& news) {
    if (!held_back_.empty() || !news_.push(news)) held_back_.push_back(news);  // at most one per open file
  }

  // ---- reactor
  void on_news() {
    news_fd_.clear();
    Event event;
    while (plant_.events().pop(event))
      if (handler_.on_event) handler_.on_event(event);
    WriterNews news;
    while (news_.pop(news)) hear(news);
  }
  void hear(const WriterNews& news) {
    if (news.kind != WriterNews::Kind::done) {
      if (handler_.on_disk_low) handler_.on_disk_low(news.kind == WriterNews::Kind::disk_low);
    } else if (handler_.on_record_done) {
      handler_.on_record_done(unpack(news));
    }
  }

  Reactor& reactor_;
  const MediaConfig config_;
  MediaPlant plant_;
  Handler handler_;
  EventFd news_fd_, stop_media_, wake_writer_;
  std::unique_ptr<Reactor::Watch> watch_;
  std::unique_ptr<MediaThread> media_;
  SpscRing<WriterNews> news_{kDoneMax};
  std::deque<WriterNews> held_back_;  // writer thread; after its end the reactor
  std::atomic<bool> stopping_{false};
  std::thread media_thread_, writer_thread_;
};

}  // namespace

std::unique_ptr<MediaPort> make_threaded_media(Reactor& reactor, const MediaConfig& config) { return std::make_unique<ThreadedMedia>(reactor, config); }

}  // namespace sr::media
