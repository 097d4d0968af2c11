// A DahdiDriver over a fake device in virtual time: readiness is told by hand, the test plays the media thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>
#include <vector>

#include "drivers/dahdi/dahdi_driver.h"
#include "drivers/dahdi/digital_plane.h"
#include "tests/drivers/dahdi/fake_device.h"

namespace sr::dahdi {

struct Rig {
  VirtualTimers timers;
  FakeDevice device;
  std::map<int, std::function<void()>> watched;  // by fd
  std::vector<std::string> heard;
  std::vector<std::vector<std::uint8_t>> frames;
  std::unique_ptr<DahdiDriver> driver;

  Rig() {
    device.add(1, 1, 15, abi::kSigClear);
    device.add(1, 16, 1, abi::kSigHdlcFcs);
    device.add(1, 17, 15, abi::kSigClear);
  }
  static SpanSpec e1() { return {.name = "e1-1", .kind = SpanKind::e1, .span = 1, .first_channel = 1, .channels = 31, .crc4 = {}, .law = {}, .where = "p.toml:7"}; }
  Status open(SpanSpec spec = e1()) {
    Loop loop{timers, [this](int fd, bool, std::function<void()> ready) -> std::unique_ptr<Reactor::Watch> {
                watched[fd] = std::move(ready);
                return std::make_unique<FakeWatch>(watched, fd);
              }};
    driver = std::make_unique<DahdiDriver>(std::move(loop), device, std::move(spec), std::make_unique<DigitalPlane>());
    const auto ok = driver->open();
    auto& port = driver->signalling();
    port.watch_alarms([this](SpanAlarm alarm, bool raised) {
      static const char* const names[] = {"red", "yellow", "blue", "los"};
      heard.push_back(std::string(names[static_cast<int>(alarm)]) + (raised ? " on" : " off"));
    });
    port.start({.on_frame = [this](auto bytes) { frames.emplace_back(bytes.begin(), bytes.end()); },
                .on_line = {},
                .on_carrier = [this](bool up) { heard.push_back(up ? "up" : "down"); }});
    return ok;
  }
  void ready(int channel) {  // as epoll would
    const auto at = watched.find(10'000 + channel);
    if (at != watched.end()) std::function<void()>(at->second)();
  }
  void ready_all() {
    for (int c = 1; c <= 31; ++c) ready(c);
  }
  void block(int channel, std::uint8_t value) { device.at(channel).to_read.emplace_back(160, value); }

 private:
  struct FakeWatch final : Reactor::Watch {
    FakeWatch(std::map<int, std::function<void()>>& all, int which) : watched(all), fd(which) {}
    ~FakeWatch() override { watched.erase(fd); }
    void want_write(bool) override {}
    std::map<int, std::function<void()>>& watched;
    int fd;
  };
};

}  // namespace sr::dahdi
