// The audio plane of an analog span: DahdiAudio with an ear and a voice per port. The ear reads the caller's number on an idle
// exchange line and busy tone on a busy one; the voice says a number to a phone that is on-hook, digits to the exchange, and in the
// other direction the digits of a rotary phone as the DTMF that everything above knows.
// Reactor and media thread meet in one ring, one flag per port and one buffer per voice.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/spsc_ring.h"
#include "drivers/media/busy_tone.h"
#include "drivers/media/caller_id.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

struct LineHeard {
  std::uint8_t channel = 0;
  LineSignal signal{};  // caller_id, busy_tone
  std::uint8_t length = 0;
  std::array<char, 32> text{};
  std::string_view words() const { return {text.data(), length}; }
};
inline constexpr std::size_t kLineHeardMax = 128;

enum class Ear : std::uint8_t { off, caller_id, busy };

class AnalogAudio final : public AudioPort {
 public:
  // wake_fd: an eventfd that tells the reactor to take(); -1: nobody waits. Without `busy` busy tone is not listened for.
  AnalogAudio(AudioPort& board, std::uint32_t channels, bool ears, std::optional<media::BusyKnown> busy, int wake_fd);

  // Reactor thread.
  void listen(int channel, Ear ear);
  bool say(int channel, const std::vector<Block>& blocks);       // to the line; false: it still says something
  bool pretend(int channel, const std::vector<Block>& blocks);   // as if the line had said it
  void hush(int channel);
  bool take(LineHeard& heard) { return heard_.pop(heard); }

  // Media thread.
  bool receive(SpanAudio& in) override;
  void send(const SpanAudio& out) override;
  void use(std::uint32_t channels) override { used_ = channels; }
  int fd() const override { return board_.fd(); }

 private:
  struct Voice {
    std::atomic<std::uint16_t> length{0};  // written by the reactor when 0, set to 0 by the media thread
    std::atomic<bool> stop{false};
    std::uint16_t at = 0;
    std::array<Block, media::kCallerIdBlocksMax> blocks;
    bool start(const std::vector<Block>& from);
    const Block* next();
    bool on() const { return length.load(std::memory_order_acquire) != 0; }
  };
  struct Listener {
    explicit Listener(const media::BusyKnown& known) : busy(known) {}
    media::CallerIdReceiver number;
    media::ToneMeter meter;
    media::BusyCadence busy;
    Ear now = Ear::off;
  };
  struct Port {
    std::atomic<Ear> ear{Ear::off};
    Voice out, in;
    std::unique_ptr<Listener> listener;
  };
  void hear(int channel, Port& port, const Block& block);
  void tell(int channel, LineSignal signal, std::string_view text);
  Port& port(int channel) { return *ports_[static_cast<std::size_t>(channel)]; }

  AudioPort& board_;
  const std::uint32_t channels_;
  const bool hears_busy_;
  const int wake_fd_;
  std::array<std::unique_ptr<Port>, kSpanChannelsMax + 1> ports_;
  SpscRing<LineHeard> heard_{kLineHeardMax};
  std::uint32_t used_ = 0;
  std::unique_ptr<SpanAudio> mixed_ = std::make_unique<SpanAudio>();
};

}  // namespace sr::dahdi
