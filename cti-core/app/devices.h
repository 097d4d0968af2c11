// Agents' devices: a station, an outside phone that is dialled for each call, or a line that is kept up between calls (line_state.h), in
// headset mode at a station. Whoever rings a phone seizes its leg, then alerts it; whoever is through with a phone lets its leg go. So the
// rest of the center does not see the difference. A part of Center (center.h), which keeps the phones; reactor thread.
//   devices.cc  how a call gets to a phone, is accepted there and leaves it      lines.cc  phones whose line is kept up
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cti-core/app/calls.h"

namespace sr::app {

class Center;

class Devices {
 public:
  explicit Devices(Center& center) : c_(center) {}

  LegId seize(LegRole role, CallId call, const std::string& device);  // the phone is in use from here on
  void alert(const std::string& device, const std::string& calling, const std::string& name, board::Mode mode = board::Mode::alerting);
  void let_go(LegId leg, int cause);                  // off the call: a line stays up, anything else is cleared
  Miss miss_of(const std::string& device, int cause) const;
  bool keeps_line(const std::string& device) const;
  InVain in_vain(const std::string& device, Miss why) const;
  std::string_view word(const std::string& device) const;  // idle, or why nothing can ring there
  void hear_digits(const std::string& device);        // of a phone outside

  bool answered(LegId leg);                           // true: it is taken only when the key is pressed, or is a line and no call
  bool key_pressed(const std::string& device, char digit);
  bool seized(LegId leg, const std::string& span, int channel);  // false: no outside phone's

  bool is_line(LegId leg) const;
  bool lifted(const std::string& device, LegId leg);  // false: it is a phone like any other
  void digit(const std::string& device, char digit);  // on a line, while no call is on it
  void leg_gone(const std::string& device, LegId leg, bool hung_up);
  void follow(const std::string& device, acd::AgentAction action);

  void configure();                                   // another configuration is in force
  void configure(const std::string& device);
  bool in_use(const std::string& device) const;       // a change of it waits
  void free(const std::string& device);               // nobody is there: what waited for it is configured now
  void begin_anew();                                  // a new life of boardd: each station says its state again
  std::string check() const;
  std::string device_of(const board::LegSnapshot& leg) const;
  std::string name_of(const board::LegSnapshot& leg) const;  // or the number that was called
  void found(LegRole role, CallId call, const std::string& device, const board::LegSnapshot& leg);
  bool asks_again(const std::string& device);         // it is up, and the call is announced once more; false: answering is enough
  bool keep_line(const board::LegSnapshot& leg);
  void settle();                                      // after a snapshot

 private:
  // devices.cc
  std::string shown_at(const PhoneConfig& config, const std::string& calling) const;
  void announce(const std::string& device);
  void await_key(const std::string& device);
  void beep(const std::string& device);

  // lines.cc
  void line(const std::string& device, LineEvent event);
  void obey(const std::string& device, LineAction action);
  void drop(const std::string& device, bool clear);
  void try_again(const std::string& device);
  void redial(const std::string& device);
  void lost(const std::string& device);
  void want(const std::string& device);

  Center& c_;
  std::unordered_map<std::string, std::string> outside_;  // names, by number
  std::set<std::string> stale_;                       // as an earlier configuration has them, for they are in use
};

}  // namespace sr::app
