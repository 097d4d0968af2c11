// What supervisors do: listening (monitor.cc), orders and their audit log (supervise.cc), skills and queues of agents, live
// (assignment.cc). A part of Center (center.h), which hands it what the board says of supervisors' phones; reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>

#include "cti-core/app/monitor.h"
#include "cti-core/cti/backend.h"
#include "cti-core/model/config.h"
#include "cti-core/model/supervisor.h"

namespace sr::app {

class Center;
struct Call;

class Supervisors {
 public:
  explicit Supervisors(Center& center) : c_(center) {}

  CtiResult<void> order(const SupervisorOrder& order);
  void order_by_phone(const std::string& station, const SupervisorOrder& order);

  void answers(const std::string& station, LegId leg);  // a phone that rang for its supervisor
  void digit(const std::string& station, char digit);
  void gone(const std::string& station, LegId leg);
  void settle();                                        // at the end of each turn: whom do the agents talk to now?
  void resume(const board::Snapshot& s);
  void forget();                                        // the lines are gone
  std::string check() const;
  void restore(const Assignments& kept);                // after a start: what was assigned counts on
  bool file_counts();                                   // what was assigned is forgotten; true: there was something

 private:
  // supervise.cc
  void audit(const Actor& actor, const SupervisorOrder& order, const CtiResult<void>& done);
  CtiResult<void> obey(const Actor& actor, const SupervisorOrder& order);
  CtiResult<CallId> call_of_order(const SupervisorOrder& order) const;
  CtiResult<void> force_clear(const SupervisorOrder& order);
  CtiResult<void> force_transfer(const SupervisorOrder& order);
  CtiResult<CallId> call_to_pick_up(const SupervisorOrder& order) const;
  CtiResult<void> pick_up(const Actor& actor, const SupervisorOrder& order);
  CtiResult<void> take_call(acd::Agent& taker, CallId id, const std::string& station, LegId leg);
  CtiResult<void> force_state(const SupervisorOrder& order);
  CtiResult<void> requeue(const SupervisorOrder& order);
  CtiResult<void> prioritize(const SupervisorOrder& order);

  // monitor.cc
  LegId talking_leg(const acd::Agent& agent) const;
  CtiResult<void> begin_monitor(const Actor& actor, const SupervisorOrder& order);
  CtiResult<void> stop_monitor(const Actor& actor, const SupervisorOrder& order);
  CtiResult<void> ring_or_take(const Actor& actor, const std::string& device, Monitor m);
  CtiResult<std::string> supervisors_phone(const Actor& actor, const SupervisorOrder& order) const;
  void monitor(const std::string& station, MonitorEvent event);
  void take_phone(Monitor& m, bool dialled);
  void hear(Monitor& m, bool found);
  void end_monitor(const std::string& station);

  // assignment.cc
  CenterConfig& assigned();
  CtiResult<void> set_skill(const SupervisorOrder& order);
  CtiResult<void> set_member(const SupervisorOrder& order);

  Center& c_;
  Assignments kept_;
  std::unique_ptr<CenterConfig> assigned_;   // the configuration with kept_ put into it, when there is something kept
  std::map<std::string, Monitor> monitors_;  // by the supervisor's phone
};

}  // namespace sr::app
