// The inside of a Session, shared by session.cc (requests, subscriptions) and methods.cc (what each method does).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <expected>

#include "cti-core/cti/session.h"

namespace sr::cti {

using Answer = std::expected<std::string, RpcError>;  // the result as JSON text; empty: it comes later

struct Subscription {
  std::string name;
  std::vector<std::string> filters;
  Seq position = 0;   // everything up to here was sent or was not wanted
  Seq prev = 0;       // the last one sent, or where it began
  Seq told = 0;       // the client knows that it has everything up to here
  std::size_t unwanted = 0;
  bool reading = false;      // the journal is being asked
  bool disk_is_behind = false;
  std::string closed_by;     // a notification still to be sent before it goes
};

struct Session::Impl {
  Impl(SessionWorld& w, Wire& o) : world(w), wire(o), epoch(std::to_string(w.backend.epoch())), alive(std::make_shared<bool>(true)), tokens_at(w.timers.now()) {}

  std::string handle(const Request& request);
  void pump();
  void pump_one(Subscription& sub);
  bool advance(Subscription& sub, const EventText& event);
  void read(Subscription& sub);
  void on_rows(const std::string& name, JournalReader::Rows rows);
  void close_too_old(Subscription& sub, Seq oldest);
  void tell_bookmark(Subscription& sub);
  Subscription* find(std::string_view name);
  std::function<void(const Answer&)> later();  // answers the request that is handled, whenever it is called
  bool take_token();
  bool lagging() const;

  SessionWorld& world;
  Wire& wire;
  std::string epoch;
  std::vector<std::unique_ptr<Subscription>> subs;
  std::uint64_t last_sub = 0;
  bool in_request = false;
  std::string request_id;  // of the request that is handled; empty: it wants no answer
  bool refused = false;  // closing: nothing is read any more
  std::shared_ptr<bool> alive;  // an answer of the journal may come after the session has gone
  double tokens = kActionsBurst;
  Instant tokens_at;
};

struct Method {
  std::string_view name;
  bool changes;  // counts against kActionsPerSecond
  Answer (*run)(Session::Impl& session, const std::string& params);
};
const Method* find_method(std::string_view name);

std::string too_old_data(std::string_view epoch, Seq oldest, Seq current);

}  // namespace sr::cti
