// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/session.h"

#include <algorithm>

#include "cti-core/cti/session_impl.h"
#include "drivers/base/log.h"

namespace sr::cti {

Session::Session(SessionWorld& world, Wire& wire) : impl_(std::make_unique<Impl>(world, wire)) {}
Session::~Session() { *impl_->alive = false; }

void Session::on_line(std::string_view text) {
  if (impl_->refused) return;
  const Line line = parse_line(text);
  impl_->in_request = true;
  std::string answers;
  for (const Request& request : line.requests) {
    const std::string answer = impl_->handle(request);
    if (answer.empty()) continue;
    if (line.batch) answers += answers.empty() ? "[" : ",";
    answers += answer;
  }
  if (line.batch && !answers.empty()) answers += ']';
  if (!answers.empty()) impl_->wire.send(answers);
  if (line.requests.front().error.word == "line_too_long") {
    impl_->refused = true;
    impl_->wire.close_after_flush();
  }
  impl_->in_request = false;
  impl_->pump();
}

void Session::pump() { impl_->pump(); }

void Session::retry() {
  for (const auto& sub : impl_->subs) sub->disk_is_behind = false;
  impl_->pump();
}

void Session::bookmark() {
  for (const auto& sub : impl_->subs)
    if (sub->position > sub->told && impl_->wire.backlog() < kSoftBacklog) impl_->tell_bookmark(*sub);
}

bool Session::lagging() const { return impl_->lagging(); }

bool Session::Impl::lagging() const {
  return std::any_of(subs.begin(), subs.end(), [this](const auto& sub) {
    return !sub->reading && (sub->disk_is_behind || sub->position < world.hub.floor() || world.hub.after(sub->position) != nullptr);
  });
}

std::string Session::Impl::handle(const Request& request) {
  if (request.method.empty()) return error_line(request.id, request.error);
  const auto answer = [&]() -> Answer {
    const Method* method = find_method(request.method);
    if (!method) return std::unexpected(RpcError{kMethodNotFound, "no method '" + request.method + "'", {}, {}});
    if (method->changes && !take_token())
      return std::unexpected(RpcError{kRateLimited, "more than " + std::to_string(kActionsPerSecond) + " actions per second", "\"retryAfterMs\":" + std::to_string(1000 / kActionsPerSecond), {}});
    request_id = request.id;
    return method->run(*this, request.params);
  }();
  if (request.id.empty() || (answer && answer->empty())) return {};
  return answer ? result_line(request.id, *answer) : error_line(request.id, answer.error());
}

std::function<void(const Answer&)> Session::Impl::later() {
  return [this, living = alive, id = request_id](const Answer& answer) {
    if (*living && !id.empty()) wire.send(answer ? result_line(id, *answer) : error_line(id, answer.error()));
  };
}

bool Session::Impl::take_token() {
  const Instant now = world.timers.now();
  tokens = std::min<double>(kActionsBurst, tokens + to_seconds(now - tokens_at) * kActionsPerSecond);
  tokens_at = now;
  if (tokens < 1) return false;
  tokens -= 1;
  return true;
}

Subscription* Session::Impl::find(std::string_view name) {
  for (const auto& sub : subs)
    if (sub->name == name) return sub.get();
  return nullptr;
}

void Session::Impl::pump() {
  if (in_request) return;
  for (const auto& sub : subs) pump_one(*sub);
  std::erase_if(subs, [this](const auto& sub) {
    if (sub->closed_by.empty()) return false;
    wire.send(sub->closed_by);
    return true;
  });
  if (lagging()) world.want_retry();
}

void Session::Impl::pump_one(Subscription& sub) {
  while (!sub.reading && !sub.disk_is_behind && sub.closed_by.empty() && wire.backlog() < kSoftBacklog) {
    if (sub.position < world.hub.floor()) return read(sub);
    const EventText* next = world.hub.after(sub.position);
    if (!next) return;
    advance(sub, *next);
  }
}

bool Session::Impl::advance(Subscription& sub, const EventText& event) {
  sub.position = event.seq;
  if (!wants(sub.filters, event.topic)) {
    if (++sub.unwanted >= kBookmarkEvery) tell_bookmark(sub);
    return false;
  }
  wire.send(event_line(event, sub.name, epoch, sub.prev));
  sub.prev = sub.told = event.seq;
  sub.unwanted = 0;
  return true;
}

void Session::Impl::tell_bookmark(Subscription& sub) {
  sub.told = sub.position;
  sub.unwanted = 0;
  wire.send(notification("bookmark", "\"sub\":\"" + sub.name + "\",\"epoch\":\"" + epoch + "\",\"seq\":" + std::to_string(sub.position)));
}

void Session::Impl::read(Subscription& sub) {
  sub.reading = true;
  world.journal.read(sub.position, kJournalChunk, [this, living = alive, name = sub.name](JournalReader::Rows rows) {
    if (*living) on_rows(name, std::move(rows));
  });
}

void Session::Impl::on_rows(const std::string& name, JournalReader::Rows rows) {
  Subscription* sub = find(name);
  if (!sub) return;
  sub->reading = false;
  if (!rows.error.empty()) {
    log::warn("cti: subscription {}: {}", name, rows.error);
    sub->disk_is_behind = true;
    return pump();
  }
  if (rows.oldest > sub->position + 1) return close_too_old(*sub, rows.oldest), pump();
  for (std::size_t i = 0; i < rows.rows.size() && wire.backlog() < kSoftBacklog; ++i)
    advance(*sub, event_text(rows.rows[i].first, rows.at[i], rows.type[i], rows.call[i], rows.rows[i].second));
  if (rows.rows.empty()) {
    // Nothing beyond the position is on the disk. If nothing was appended in this life, there is no more; otherwise it will come.
    if (world.hub.empty()) sub->position = world.hub.floor();
    else sub->disk_is_behind = true;
  }
  pump();
}

void Session::Impl::close_too_old(Subscription& sub, Seq oldest) {
  sub.closed_by = notification("subClosed", "\"sub\":\"" + sub.name + "\",\"code\":" + std::to_string(kResumeTooOld) + "," + too_old_data(epoch, oldest, world.backend.last_seq()));
}

std::string too_old_data(std::string_view epoch, Seq oldest, Seq current) {
  return "\"epoch\":\"" + std::string(epoch) + "\",\"oldestSeq\":" + std::to_string(oldest) + ",\"currentSeq\":" + std::to_string(current);
}

}  // namespace sr::cti
