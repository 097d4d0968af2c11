// Between a span's audio plane and the media engine: the technician's meter, loop and bit error test of single channels, whatever
// drives the span. It costs nothing while no test runs.
// Media thread, but for set(), begin_bert(), level() and bert(), which are the reactor's.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>
#include <memory>

#include "drivers/media/bert.h"
#include "drivers/span/span.h"

namespace sr::daemon {

inline constexpr int kMeterBlocks = 10;  // a level is the mean of 200 ms
inline constexpr int kLoopBlocks = 4;    // heard and not yet sent back; more: the oldest is dropped
inline constexpr int kLoopPrefill = 2;
inline constexpr int kBertSettleBlocks = 25;  // what a test before has left in the loop is not looked at
inline constexpr double kSilentDbm0 = -80;

struct ChannelLevels { double heard_dbm0 = kSilentDbm0, sent_dbm0 = kSilentDbm0; };

class AudioTap final : public AudioPort {
 public:
  explicit AudioTap(AudioPort& port) : port_(port) {}

  void set(std::uint32_t loop, std::uint32_t bert, std::uint32_t meter);  // bit n: channel n
  void begin_bert(int channel);                                           // before set() names it
  ChannelLevels level(int channel) const;
  media::BertCount bert(int channel) const;

  bool receive(SpanAudio& in) override;
  void send(const SpanAudio& out) override;
  void use(std::uint32_t channels) override;
  // A channel that is measured is joined to no other: its samples are needed here.
  Junction junction(int channel) const override { return ((all() >> channel) & 1U) != 0 ? Junction{} : port_.junction(channel); }
  bool join(int channel, int line) override { return port_.join(channel, line); }
  void part(int channel, bool goes_on) override { port_.part(channel, goes_on); }
  int fd() const override { return port_.fd(); }

 private:
  using Number = std::atomic<std::uint64_t>;
  struct Loop {
    std::array<Block, kLoopBlocks> blocks;
    int head = 0, count = 0;
    bool filling = true;
    void put(const Block& block);
    bool take(Block& block);
  };
  struct Meter {
    std::uint64_t sum = 0;
    int blocks = 0;
    std::atomic<std::uint32_t> power{0};
    void add(const Block* block);
  };
  struct Test {
    std::unique_ptr<media::Bert> bert;
    std::atomic<std::uint32_t> wanted{0};  // the run that the reactor asked for
    std::uint32_t run = 0;                 // the one that is under way
    int settling = 0;                      // blocks
    std::atomic<std::uint32_t> told{0};    // the one that the numbers are of
    Number bits{0}, errors{0}, losses{0};
  };
  void adopt();
  std::uint32_t all() const { return loops_ | berts_ | meters_; }
  void publish(Test& test);

  AudioPort& port_;
  std::atomic<std::uint32_t> loop_{0}, bert_{0}, meter_{0};
  std::uint32_t loops_ = 0, berts_ = 0, meters_ = 0;  // as of this tick
  std::array<Loop, kSpanChannelsMax + 1> loop_of_;
  std::array<Meter, kSpanChannelsMax + 1> heard_, sent_;
  std::array<Test, kSpanChannelsMax + 1> test_;
  SpanAudio out_;
};

}  // namespace sr::daemon
