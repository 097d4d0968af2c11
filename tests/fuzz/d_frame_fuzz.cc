// Q.921/Q.931 bytes from the line: first as a technician sees them, then through libpri on a link that is up. Frames are
// separated by a length octet. libpri has no destructor for a controller, so one link lives as long as the process.
// libs: tools/boardctl drivers/sig drivers/span drivers/board drivers/base
// sys: -lpri -lboost_json -lspdlog -lfmt
// own: drivers/base/clock_override.cc
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/sig/pri_link.h"
#include "tests/fuzz/fuzz.h"
#include "tools/boardctl/d_frame.h"

using namespace sr;

namespace {

struct Line {
  Line() : link(timers, "fuzz", SpanKind::e1, config(), {[this](const sig::PriEvent& e) { answer(e); }, [](int, auto) {}, [](int, bool, auto) {}}) {
    use_process_clock(&timers);
    link.carrier(true);
  }
  static sig::PriConfig config() {
    sig::PriConfig c;
    c.network_side = true;
    return c;
  }
  void answer(const sig::PriEvent& event) {
    if (const auto* setup = std::get_if<sig::pri_event::Setup>(&event)) link.send_proceeding(setup->call, setup->raw);
    if (const auto* setup = std::get_if<sig::pri_event::Setup>(&event); setup != nullptr && setup->crv % 2 == 0) link.send_connect(setup->call);
    if (const auto* d = std::get_if<sig::pri_event::Disconnect>(&event)) link.clear(d->call, 16);
  }
  VirtualTimers timers;
  sig::PriLink link;
};

}  // namespace

void fuzz_one(std::string_view text) {
  static Line line;
  constexpr std::uint8_t kSabme[] = {0x00, 0x01, 0x7F};
  line.link.receive(kSabme);  // up, V(S) = V(R) = 0
  std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  while (!bytes.empty()) {
    const std::size_t length = std::min<std::size_t>(bytes[0], bytes.size() - 1);
    const auto frame = bytes.subspan(1, length);
    bytes = bytes.subspan(1 + length);
    FUZZ_ENSURE(!boardctl::describe_frame(frame).empty());
    (void)boardctl::sender_is_network(frame);
    line.link.receive(frame);
    line.timers.run_for(100ms);
  }
  line.timers.run_for(70s);  // whatever was begun runs into its timers
}
