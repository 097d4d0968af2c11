// The signalling of one kind of line on a DAHDI span: what its channels must be, and what frames or events mean. DahdiDriver owns it,
// opens and closes the channels, fetches their events and looks after alarms; the plane is a SignallingPort for what is above.
// Reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <utility>

#include "drivers/dahdi/alarms.h"
#include "drivers/dahdi/line_set.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

class LinePlane : public SignallingPort {
 public:
  class Host {
   public:
    virtual ~Host() = default;
    virtual void events_wait(int channel) = 0;  // ELAST: fetches them now, by on_event()
    virtual void lost() = 0;                    // ENODEV: the lines are closed in a later turn
  };
  void join(Host& host) { host_ = &host; }

  virtual Result<SpanPlan> plan(Device& device, const SpanSpec& spec) const = 0;
  virtual bool has_frames(int channel) const = 0;               // its data is read by on_data(), not by the media thread
  virtual Status prepare(LineSet&) { return {}; }               // the channels are open: what audio does not set
  virtual void on_data(int) {}
  virtual void on_event(int channel, ChannelEvent event) = 0;   // but for removal and buffer events; alarms: of the span they are known already
  virtual std::map<std::string, std::uint64_t> counters() const { return {}; }
  virtual AudioPort& sound(AudioPort& board) { return board; }  // for a plane that hears or says something itself

  // The driver's: lines are open (nullptr: not), and the alarms that stand.
  void adopt(LineSet* lines) { lines_ = lines; }
  void set_alarms(const AlarmSet& alarms);

  void watch_alarms(std::function<void(SpanAlarm, bool)> changed) override;
  void start(Handler handler) override { handler_ = std::move(handler); }
  bool carrier() const override { return lines_ != nullptr && carries(alarms_); }

 protected:
  Handler handler_;
  Host* host_ = nullptr;
  LineSet* lines_ = nullptr;

 private:
  std::function<void(SpanAlarm, bool)> alarm_;
  AlarmSet alarms_ = kSpanGone;
  bool told_carrier_ = false;
};

}  // namespace sr::dahdi
