// The far end: looks every kReconnect for what is not connected. Signalling first; its answer names the session for the audio.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>
#include <unistd.h>

#include "drivers/base/line_socket.h"
#include "drivers/base/log.h"
#include "drivers/span/soft_driver.h"

namespace sr {
namespace {

using namespace soft;

class Plug final : public SoftSpanBank {
 public:
  Plug(Reactor& reactor, std::string path, const std::vector<SoftSpanConfig>& spans) : reactor_(reactor), path_(std::move(path)) {
    for (const auto& config : spans) {
      auto& cord = cords_.emplace_back(std::make_unique<Cord>(reactor, config));
      cord->driver.signal().on_start([this, c = cord.get()] {
        c->started = true;
        look();
      });
      cord->driver.signal().on_lost([c = cord.get()] {
        c->session = 0;
        c->driver.sound().cut();
      });
    }
    again();
  }
  ~Plug() override { reactor_.timers().cancel(timer_); }

  std::vector<SpanDriver*> spans() override {
    std::vector<SpanDriver*> all;
    for (const auto& cord : cords_) all.push_back(&cord->driver);
    return all;
  }
  std::map<std::string, std::uint64_t> counters(const std::string& span) const override {
    for (const auto& cord : cords_)
      if (cord->driver.name() == span) return cord->driver.counters();
    return {};
  }

 private:
  struct Cord {
    Cord(Reactor& r, const SoftSpanConfig& c) : driver(r, c) {}
    SoftDriver driver;
    bool started = false;
    std::uint32_t session = 0;
    std::unique_ptr<Greeting> signalling, audio;  // hello sent, answer awaited
  };

  void again() {
    timer_ = reactor_.timers().after(kReconnect, [this] {
      look();
      again();
    });
  }

  void look() {
    for (const auto& cord : cords_) {
      if (!cord->started) continue;
      if (!cord->driver.signal().carrier()) {
        if (!cord->signalling) cord->signalling = plug(*cord, Plane::signalling);
      } else if (cord->driver.sound().lost() && !cord->audio) {
        cord->audio = plug(*cord, Plane::audio);
      }
    }
  }

  std::unique_ptr<Greeting> plug(Cord& cord, Plane plane) {
    const auto fd = connect_unix(path_, SOCK_SEQPACKET);
    if (!fd) return nullptr;  // nobody there yet
    if (!send_packet(*fd, encode(Hello{plane, cord.driver.kind(), plane == Plane::audio ? cord.session : 0U, cord.driver.name()}))) {
      ::close(*fd);
      return nullptr;
    }
    return std::make_unique<Greeting>(reactor_, *fd, [this, c = &cord, plane](int open_fd, std::span<const std::uint8_t> packet) {
      const auto greeting = std::move(plane == Plane::signalling ? c->signalling : c->audio);
      if (open_fd >= 0) answered(*c, plane, open_fd, packet);
    });
  }

  void answered(Cord& cord, Plane plane, int fd, std::span<const std::uint8_t> bytes) {
    const auto packet = parse(bytes);
    const Hello* hello = packet ? std::get_if<Hello>(&*packet) : nullptr;
    if (!hello) {
      if (const auto* error = packet ? std::get_if<ErrorPacket>(&*packet) : nullptr) {
        cord.driver.signal().count("refused");
        if (reactor_.timers().now() - warned_ >= 1s) {
          warned_ = reactor_.timers().now();
          log::warn("soft span '{}': refused: {}", cord.driver.name(), error->text);
        }
      }
      ::close(fd);
    } else if (plane == Plane::signalling) {
      cord.session = hello->session;
      cord.driver.signal().adopt(fd);
      look();  // the audio at once
    } else if (hello->session == cord.session && cord.driver.signal().carrier()) {
      cord.driver.sound().hand_over(fd);
    } else {
      ::close(fd);
    }
  }

  Reactor& reactor_;
  const std::string path_;
  std::vector<std::unique_ptr<Cord>> cords_;
  TimerId timer_ = TimerId::none;
  Instant warned_{};
};

}  // namespace

std::unique_ptr<SoftSpanBank> connect_soft_spans(Reactor& reactor, const std::string& socket_path, std::vector<SoftSpanConfig> spans) {
  return std::make_unique<Plug>(reactor, socket_path, spans);
}

}  // namespace sr
