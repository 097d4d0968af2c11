// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/wiring_lines.h"

#include <algorithm>

#include "drivers/dahdi/dahdi_driver.h"
#include "drivers/dahdi/digital_plane.h"
#include "drivers/daemon/wiring.h"
#include "drivers/daemon/wiring_analog.h"
#include "drivers/span/soft_span.h"

namespace sr::daemon {
namespace {

dahdi::SpanSpec spec_of(const profile::Profile& p, const profile::SpanProfile& s) {
  const profile::DahdiLine& d = *s.dahdi;
  dahdi::SpanSpec out{.name = s.name, .kind = s.kind, .span = d.span, .first_channel = d.first_channel, .channels = d.channels, .d_channel = true, .crc4 = {}, .law = {},
                      .where = p.file + ":" + std::to_string(d.line)};
  out.d_channel = s.d_channel != "none";
  if (s.kind == SpanKind::e1) out.crc4 = d.crc4;
  out.echo_taps = d.echo == "off" ? 0 : d.echo_taps;
  out.rx_gain_db = d.rx_gain_db;
  out.tx_gain_db = d.tx_gain_db;
  if (d.law_given) out.law = d.alaw ? dahdi::Law::alaw : dahdi::Law::mulaw;
  return out;
}

class ProfileLines final : public Lines {
 public:
  Status open(Reactor& reactor, const profile::Profile& p, const std::string& socket, LineEnd end) {
    std::vector<SpanDriver*> soft;
    if (auto configs = soft_spans(p); !configs.empty()) {
      if (end == LineEnd::far) {
        bank_ = connect_soft_spans(reactor, socket, std::move(configs));
      } else {
        auto bank = listen_soft_spans(reactor, socket, std::move(configs));
        if (!bank) return std::unexpected(bank.error());
        bank_ = std::move(*bank);
      }
      soft = bank_->spans();
    }
    std::size_t next_soft = 0;
    for (const auto& s : p.spans) {
      if (!s.dahdi) {
        spans_.push_back(soft[next_soft++]);
        continue;
      }
      if (!device_) device_ = dahdi::make_kernel_device();
      auto plane = plane_of(reactor, p, s);
      if (!plane) return std::unexpected(plane.error());
      auto& driver = boards_.emplace_back(std::make_unique<dahdi::DahdiDriver>(dahdi::loop_of(reactor), *device_, spec_of(p, s), std::move(*plane)));
      if (auto ok = driver->open(); !ok) return ok;
      spans_.push_back(driver.get());
    }
    return {};
  }
  std::vector<SpanDriver*> spans() override { return spans_; }

 private:
  static Result<std::unique_ptr<dahdi::LinePlane>> plane_of(Reactor& reactor, const profile::Profile& p, const profile::SpanProfile& s) {
    if (s.kind == SpanKind::e1 || s.kind == SpanKind::t1) return std::make_unique<dahdi::DigitalPlane>();
    return analog_plane(reactor, p, s, spec_of(p, s));
  }

  std::unique_ptr<SoftSpanBank> bank_;
  std::unique_ptr<dahdi::Device> device_;
  std::vector<std::unique_ptr<dahdi::DahdiDriver>> boards_;
  std::vector<SpanDriver*> spans_;
};

}  // namespace

Result<std::unique_ptr<Lines>> open_lines(Reactor& reactor, const profile::Profile& profile, const std::string& softspan_socket, LineEnd end) {
  auto lines = std::make_unique<ProfileLines>();
  if (auto ok = lines->open(reactor, profile, softspan_socket, end); !ok) return std::unexpected(ok.error());
  return lines;
}

bool lines_have_clock(const profile::Profile& profile) {
  return std::any_of(profile.spans.begin(), profile.spans.end(), [](const auto& s) { return s.dahdi.has_value(); });
}

}  // namespace sr::daemon
