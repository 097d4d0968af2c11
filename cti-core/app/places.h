// Callers who left their number and keep their place in a queue. The place stands in the line under the id of the call that left it, which
// is booked as lost (place_kept); the callback is a call of its own. Part of Center: reactor thread, time through its timers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "cti-core/acd/router.h"
#include "cti-core/app/place_state.h"
#include "cti-core/store/store.h"

namespace sr::app {

inline constexpr std::size_t kPlaceDigitsMin = 3, kPlaceDigitsMax = 24;
inline constexpr const char* kCallbackPlace = "place";  // the kind of its task in the callback list

struct Place {
  CallId call{};                        // that left it
  PlaceState state = PlaceState::none;
  acd::QueueNo queue = acd::QueueNo::none;
  int priority = 0;
  Instant since{};                      // from which its wait counts
  std::string number{}, called{};       // to be dialled; the number that he had dialled
  int tries = 0;
  CallId callback{};                    // the call that is being made for it
  TimerId timer{};
  std::map<std::string, std::string> data{};
};

class Center;
struct Call;
struct OutCall;

class Places {
 public:
  explicit Places(Center& center) : c_(center) {}
  ~Places();

  Status keep(Call& call, const std::string& number);          // the caller of this call, which has just left a queue by its key
  void restore(const std::vector<RecoveredPlace>& places);     // after the calls

  bool has(CallId call) const { return places_.contains(call); }
  const Place* find(CallId call) const;
  bool keeps(const std::string& number) const;                 // this customer has a place
  const std::unordered_map<CallId, Place>& all() const { return places_; }
  void call_ended(CallId call);                                // he has hung up: from now on he can be called back
  void call_back(const acd::Pair& pair);                       // its turn: agent and place are reserved together
  void near_released(OutCall& out, int cause);                 // the agent's phone would not ring
  void agent_answered(OutCall& out);                           // now the customer is dialled
  void adopted(OutCall& out);                                  // its call was still up after a restart
  void reached(const OutCall& out);
  void call_over(OutCall& out, int cause);                     // … without the customer; cause: Q.850, of the far end
  void customer_over(const std::string& number, const std::string& outcome);  // his task in the callback list is closed

  std::string explain(const Place& place) const;
  std::string check() const;                                   // an invariant that is broken, in words

 private:
  Place* at(CallId call);
  void happens(Place& place, PlaceEvent event, const std::string& outcome = {});
  void give_up(Place& place, const std::string& why);
  void limit_ringing(OutCall& out);
  void close(Place& place, const std::string& outcome);

  Center& c_;
  std::unordered_map<CallId, Place> places_;
};

}  // namespace sr::app
