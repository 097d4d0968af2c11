// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/show.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "tools/show/commands.h"

namespace sr::show {
namespace {

constexpr std::size_t kCurveMax = 200;  // seconds of arrivals in the picture
constexpr int kRefuses = 2;             // exit code of a program that does not take its files or options

std::string how_it_ended(int status) { return status >= 128 ? fmt::format("signal {}", status - 128) : fmt::format("exit {}", status); }

}  // namespace

Show::Show(Reactor& reactor, const Options& options, const RunDir& dir, Terminal& terminal)
    : reactor_(reactor), options_(options), dir_(dir), terminal_(terminal) {
  view_.seconds = options.seconds;
  boardd_ = std::make_unique<Child>("boardd", boardd_command(options, dir), dir.file("boardd.log"));
  ctid_ = std::make_unique<Child>("ctid", ctid_command(options, dir), dir.file("ctid.log"));
  callgen_ = std::make_unique<Child>("callgen", callgen_command(options, dir), dir.file("callgen.log"));
}

Status Show::start() {
  const Instant now = reactor_.timers().now();
  for (Child* child : {boardd_.get(), ctid_.get(), callgen_.get()})
    if (auto ok = child->start(); !ok) return ok;
  board_started_ = center_started_ = sampled_ = now;
  enter(Phase::starting);
  reactor_.timers().after(0ms, [this] { tick(); });  // not here: a stop() before the reactor runs is lost, and a child may have ended by now
  return {};
}

void Show::enter(Phase phase) {
  phase_ = phase;
  entered_ = reactor_.timers().now();
  if (phase == Phase::running) ending_.running_since = entered_;
}

void Show::give_up(const std::string& why) {
  clear_picture();
  error_ = why;
  enter(Phase::over);
}

void Show::give_up_on(const Child& child, int status) {
  refused_ = phase_ == Phase::starting && status == kRefuses;
  const std::string last = child.last_lines(8);
  if (refused_) give_up(fmt::format("no call was made, {} refuses:\n{}", child.name(), last.empty() ? fmt::format("(nothing is in {}: is the disk full?)", child.log_file()) : last));
  else give_up(fmt::format("{} ended ({}); its log {} ends with:\n{}", child.name(), how_it_ended(status), child.log_file(), child.last_lines(8)));
}

// A daemon that dies during the show is started again at once; one that refuses its configuration (exit 2) is not.
void Show::revive(Child& child, int status, std::int64_t& restarts, Instant& started, int& quick) {
  const Instant now = reactor_.timers().now();
  quick = now - started < kQuickDeath ? quick + 1 : 0;
  if (&child == boardd_.get() && board_deaths_.size() < kDeathsKeptMax) board_deaths_.push_back(now);
  if (status == kRefuses || status == 127 || quick >= kQuickDeathsMax || (phase_ == Phase::starting && restarts == 0 && status < 128))
    return give_up_on(child, status);
  ++restarts;
  started = now;
  if (auto ok = child.start(); !ok) return give_up(ok.error().text());
  view_.notice = fmt::format("{} died ({}) and was started again", child.name(), how_it_ended(status));
  notice_until_ = now + 10s;
  say(view_.notice);
}

void Show::look_at_children() {
  if (const auto status = callgen_->poll()) {
    const bool as_told = ending_.hang_up_at && *status == 128 + SIGTERM;  // the signal met it as it was ending by itself
    callgen_status_ = *status;
    if (phase_ == Phase::starting || (*status != 0 && *status != kRowsMissing && !as_told && phase_ == Phase::running))
      return give_up_on(*callgen_, *status);
  }
  if (phase_ == Phase::starting || phase_ == Phase::running || phase_ == Phase::settling) {
    if (const auto status = boardd_->poll()) revive(*boardd_, *status, board_restarts_, board_started_, board_quick_);
    if (phase_ == Phase::over) return;
    if (const auto status = ctid_->poll()) revive(*ctid_, *status, center_restarts_, center_started_, center_quick_);
  } else {
    (void)boardd_->poll();
    (void)ctid_->poll();
  }
}

void Show::tick() {
  const Instant now = reactor_.timers().now();
  look_at_children();
  const Duration in_phase = now - entered_;
  switch (phase_) {
    case Phase::starting:
      look_at_lines();
      if (phase_ == Phase::starting && in_phase >= kStartMax)
        give_up(fmt::format("the lines did not come up within {} s; logs: {} {} {}\n{}{}", kStartMax / 1s, boardd_->log_file(), ctid_->log_file(), callgen_->log_file(),
                            boardd_->last_lines(4), ctid_->last_lines(4)));
      break;
    case Phase::running:
      if (!callgen_->running()) enter(Phase::settling);
      else hurry_callgen();
      break;
    case Phase::settling:
      if ((view_.center.up && view_.center.in_progress == 0 && in_phase >= 2 * kJournalEvery) || in_phase >= kSettleMax) {
        boardd_->signal(SIGTERM);
        enter(Phase::stopping_board);
      }
      break;
    case Phase::stopping_board:
      if (in_phase >= kStopChildMax) boardd_->kill_now();
      if (!boardd_->running()) {
        ctid_->signal(SIGTERM);
        enter(Phase::stopping_center);
      }
      break;
    case Phase::stopping_center:
      if (in_phase >= kStopChildMax) ctid_->kill_now();
      if (!ctid_->running()) enter(Phase::over);
      break;
    case Phase::over: break;
  }
  if (phase_ == Phase::over) {
    reactor_.stop();
    return;
  }
  if (now - drawn_ >= (terminal_.live() ? kPictureEvery : kLineEvery) || now - read_ >= kJournalEvery) draw();
  reactor_.timers().after(kLookEvery, [this] { tick(); });
}

void Show::hurry_callgen() {
  const Instant now = reactor_.timers().now();
  const Urge what = urge(ending_, now);
  if (what == Urge::hang_up) {
    ending_.hang_up_at = now;
    callgen_->signal(SIGTERM);
  }
  if (what == Urge::kill) {
    callgen_->kill_now();
    give_up(fmt::format("callgen did not end within {} s after everybody was to hang up; its log: {}", kHangUpMax / 1s, callgen_->log_file()));
  }
}

void Show::look_at_lines() {
  if (phase_ != Phase::starting) return;
  if (auto x = read_exchange_view(dir_.file("progress.json"))) view_.exchange = std::move(*x);
  if (!view_.exchange.phase.empty() && view_.exchange.phase != "waiting") enter(Phase::running);
}

void Show::measure_arrivals() {
  const Instant now = reactor_.timers().now();
  if (now - sampled_ < 1s) return;
  const double per_s = static_cast<double>(view_.exchange.attempts - attempts_seen_) / to_seconds(now - sampled_);
  attempts_seen_ = view_.exchange.attempts;
  sampled_ = now;
  if (phase_ == Phase::starting) return;
  view_.arrivals.push_back(per_s);
  if (view_.arrivals.size() > kCurveMax) view_.arrivals.erase(view_.arrivals.begin());
}

void Show::draw() {
  const Instant now = reactor_.timers().now();
  if (auto x = read_exchange_view(dir_.file("progress.json"))) view_.exchange = std::move(*x);
  if (now - read_ >= kJournalEvery) {
    read_ = now;
    if (auto c = read_center_view(dir_.file("journal.db"))) view_.center = std::move(*c);
    view_.center.up = ctid_->running();
  }
  measure_arrivals();
  if (now > notice_until_) view_.notice.clear();
  if (now - drawn_ < (terminal_.live() ? kPictureEvery : kLineEvery)) return;
  drawn_ = now;
  if (!terminal_.live()) {
    if (phase_ != Phase::starting) say(progress_line(view_));
    return;
  }
  std::string out;
  if (terminal_.measure()) {  // the terminal has wrapped or moved what was drawn: nobody knows where it is
    out = "\x1b[H\x1b[2J";
    lines_drawn_ = 0;
  }
  auto lines = picture(view_, terminal_.columns(), terminal_.colour());
  lines.resize(std::min(lines.size(), static_cast<std::size_t>(terminal_.rows() - 1)));  // a picture higher than the screen cannot be drawn over
  if (lines_drawn_ > 0) out += fmt::format("\x1b[{}A", lines_drawn_);
  for (const auto& line : lines) out += line + "\x1b[K\n";
  out += "\x1b[J";
  lines_drawn_ = lines.size();
  print(out);
}

void Show::clear_picture() { lines_drawn_ = 0; }  // what is drawn stays, the next lines come below it

// Who closes the other end of the pipe wants no more of it.
void Show::print(const std::string& text) {
  if (!terminal_.print(text) && phase_ == Phase::running) stop_softly();
}

void Show::say(const std::string& line) {
  if (!terminal_.live()) print(line + "\n");  // else it stands in the picture
}

bool Show::stop_softly() {
  if (ending_.stopped_at) return false;
  const Instant now = reactor_.timers().now();
  ending_.stopped_at = now;
  look_at_lines();  // the first callers may be there since a moment ago
  if (phase_ == Phase::starting) {
    give_up("stopped before the lines were up");
    return true;
  }
  callgen_->signal(SIGINT);
  view_.notice = phase_ == Phase::running ? "no new callers; draining (Ctrl-C again: stop now)" : "ending (Ctrl-C again: stop now, no report)";
  notice_until_ = now + 60s;
  say(view_.notice);
  return true;
}

void Show::stop_now() {
  aborted_ = true;
  for (Child* child : {callgen_.get(), boardd_.get(), ctid_.get()}) child->kill_now();
  enter(Phase::over);
}

ReportInput Show::report_input() const {
  const auto slash = options_.scenario.rfind('/');
  return {dir_.file("exchange.jsonl"), dir_.file("journal.db"), dir_.file("recordings"),
          {options_.seconds, options_.seed, slash == std::string::npos ? options_.scenario : options_.scenario.substr(slash + 1), board_restarts_,
           center_restarts_, ending_.stopped_at.has_value()},
          board_deaths_, callgen_status_ == kRowsMissing};
}

}  // namespace sr::show
