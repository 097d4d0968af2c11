// The center's side: one listening socket, each connection names its span and plane.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>
#include <unistd.h>

#include <list>

#include "drivers/base/line_socket.h"
#include "drivers/base/log.h"
#include "drivers/span/soft_driver.h"

namespace sr {
namespace {

using namespace soft;

constexpr unsigned kSocketMode = 0660;

class Jack final : public SoftSpanBank {
 public:
  Jack(Reactor& reactor, const std::vector<SoftSpanConfig>& spans) : reactor_(reactor) {
    for (const auto& config : spans) {
      auto& place = places_.emplace_back(std::make_unique<Place>(reactor, config));
      place->driver.signal().on_lost([p = place.get()] {
        p->session = 0;
        p->driver.sound().cut();
      });
    }
  }

  Status open(const std::string& path) {
    auto listener = UnixListener::open(reactor_, path, SOCK_SEQPACKET, kSocketMode, [this](int fd) { accept(fd); });
    if (!listener) return std::unexpected(listener.error());
    listener_ = std::move(*listener);
    return {};
  }

  std::vector<SpanDriver*> spans() override {
    std::vector<SpanDriver*> all;
    for (const auto& place : places_) all.push_back(&place->driver);
    return all;
  }
  std::map<std::string, std::uint64_t> counters(const std::string& span) const override {
    for (const auto& place : places_)
      if (place->driver.name() == span) return place->driver.counters();
    return {};
  }

 private:
  struct Place {
    Place(Reactor& r, const SoftSpanConfig& c) : driver(r, c) {}
    SoftDriver driver;
    std::uint32_t session = 0;
  };

  void accept(int fd) {
    if (unknown_.size() >= kUnknownMax) {
      log::warn("soft spans: {} connections without a hello, one more is refused", unknown_.size());
      ::close(fd);
      return;
    }
    const auto at = unknown_.emplace(unknown_.end());
    *at = std::make_unique<Greeting>(reactor_, fd, [this, at](int open_fd, std::span<const std::uint8_t> packet) {
      if (open_fd >= 0) greet(open_fd, packet);
      unknown_.erase(at);
    });
  }

  void refuse(int fd, ErrorCode code, std::string_view span) {
    if (reactor_.timers().now() - warned_ >= 1s) {
      warned_ = reactor_.timers().now();
      log::warn("soft span '{}': far end refused: {}", span, text_of(code));
    }
    send_packet(fd, encode(ErrorPacket{code, text_of(code)}));
    ::close(fd);
  }

  void greet(int fd, std::span<const std::uint8_t> bytes) {
    const auto packet = parse(bytes);
    if (!packet) return refuse(fd, packet.error() == Fault::wrong_version ? ErrorCode::version : ErrorCode::not_hello, "?");
    const Hello* hello = std::get_if<Hello>(&*packet);
    if (!hello) return refuse(fd, ErrorCode::not_hello, "?");
    Place* place = find(hello->name);
    if (!place) return refuse(fd, ErrorCode::unknown_span, hello->name);
    SoftDriver& driver = place->driver;
    if (hello->kind != opposite(driver.kind())) return refuse(fd, ErrorCode::wrong_kind, hello->name);
    if (hello->plane == Plane::audio) {
      if (place->session == 0 || hello->session != place->session) return refuse(fd, ErrorCode::wrong_session, hello->name);
      if (answer(fd, *place, Plane::audio)) driver.sound().hand_over(fd);
      return;
    }
    if (driver.signal().carrier()) return refuse(fd, ErrorCode::in_use, hello->name);
    place->session = ++last_session_;
    if (answer(fd, *place, Plane::signalling)) driver.signal().adopt(fd);
  }

  bool answer(int fd, const Place& place, Plane plane) {
    if (send_packet(fd, encode(Hello{plane, place.driver.kind(), place.session, place.driver.name()}))) return true;
    ::close(fd);
    return false;
  }

  Place* find(std::string_view name) {
    for (const auto& place : places_)
      if (place->driver.name() == name) return place.get();
    return nullptr;
  }

  Reactor& reactor_;
  std::vector<std::unique_ptr<Place>> places_;
  std::list<std::unique_ptr<Greeting>> unknown_;
  std::uint32_t last_session_ = 0;
  Instant warned_{};
  std::unique_ptr<UnixListener> listener_;  // last: it stops first
};

}  // namespace

Result<std::unique_ptr<SoftSpanBank>> listen_soft_spans(Reactor& reactor, const std::string& socket_path, std::vector<SoftSpanConfig> spans) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].name.empty() || spans[i].name.size() > kNameMax)
      return fail("soft span name '" + spans[i].name + "' is empty or too long", {}, "write 1 to " + std::to_string(kNameMax) + " characters");
    for (std::size_t j = 0; j < i; ++j)
      if (spans[j].name == spans[i].name) return fail("two soft spans are named '" + spans[i].name + "'", {}, "give each its own name");
  }
  auto jack = std::make_unique<Jack>(reactor, spans);
  if (auto ok = jack->open(socket_path); !ok) return std::unexpected(ok.error());
  return jack;
}

}  // namespace sr
