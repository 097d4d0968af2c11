// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/pri_link.h"

#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "drivers/base/log.h"
#include "drivers/base/result.h"

extern "C" {
#include <libpri.h>
}

namespace sr::sig {
namespace {

constexpr int kFcsOctets = 2;
constexpr int kStepsMax = 1000;       // expired libpri timers in one turn
constexpr int kAnyCrv = -1;
constexpr Duration kNoteEvery = 1s;   // at most one line from libpri in this time
constexpr int kInService = 0, kOutOfService = 2;  // Change Status
constexpr int kNotify = 0x6E;
constexpr std::array<std::uint8_t, 3> kNotifyElement = {0x27, 0x01, 0x82};  // NOTIFY must have its indicator, or libpri answers STATUS
constexpr int kFarCleared = PRI_CAUSE_INCOMPATIBLE_DESTINATION;  // one that makes libpri send RELEASE COMPLETE; the caller has gone

int channel_of(int raw) { return raw == -1 || (raw & 0xff) == 0xff ? -1 : raw & 0xff; }

int switch_of(const std::string& type, bool t1) {
  if (type == "ni2") return PRI_SWITCH_NI2;
  if (type == "dms100") return PRI_SWITCH_DMS100;
  if (type == "4ess") return PRI_SWITCH_ATT4ESS;
  if (type == "5ess") return PRI_SWITCH_LUCENT5E;
  if (type == "qsig") return PRI_SWITCH_QSIG;
  return t1 ? PRI_SWITCH_EUROISDN_T1 : PRI_SWITCH_EUROISDN_E1;
}

bool in_band(int mask) { return (mask & (PRI_PROG_INBAND_AVAILABLE | PRI_PROG_CALL_NOT_E2E_ISDN)) != 0; }

Instant instant_of(const timeval& t) { return from_us(static_cast<std::int64_t>(t.tv_sec) * 1'000'000 + t.tv_usec); }

int ms(Duration d) { return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()); }

// libpri refuses a SETUP that has had no reply by RELEASE COMPLETE with these only.
bool refuses_at_once(int cause) {
  constexpr std::array kCauses = {PRI_CAUSE_UNALLOCATED, PRI_CAUSE_NORMAL_CIRCUIT_CONGESTION, PRI_CAUSE_REQUESTED_CHAN_UNAVAIL,
                                  PRI_CAUSE_IDENTIFIED_CHANNEL_NOTEXIST, PRI_CAUSE_INCOMPATIBLE_DESTINATION};
  return std::find(kCauses.begin(), kCauses.end(), cause) != kCauses.end();
}

}  // namespace

// What libpri calls, and the translation of its events.
struct PriLinkLibpri {
  static PriLink::DChannel* d_of(pri* p) { return p ? static_cast<PriLink::DChannel*>(pri_get_userdata(p)) : nullptr; }
  static PriLink* of(pri* p) { const auto* d = d_of(p); return d ? d->link : nullptr; }

  static int read(pri* p, void* buffer, int size) {
    PriLink* link = of(p);
    const int octets = static_cast<int>(link->incoming_.size());
    if (octets == 0 || octets + kFcsOctets > size) return 0;
    std::memcpy(buffer, link->incoming_.data(), link->incoming_.size());
    std::memset(static_cast<std::uint8_t*>(buffer) + octets, 0, kFcsOctets);
    return octets + kFcsOctets;
  }
  static int write(pri* p, void* buffer, int size) {
    PriLink::DChannel* d = d_of(p);
    PriLink* link = d->link;
    const std::span frame(static_cast<const std::uint8_t*>(buffer), static_cast<std::size_t>(size - kFcsOctets));
    if (frame.size() >= 3 && (frame[2] & 3) == 3) d->question[3] = 1;  // SABME, UA: counted from 0 again
    else if (frame.size() >= 4) d->question[3] = frame[3] | 1;          // N(R), with P
    if (link->handler_.trace) link->handler_.trace(d->number, true, frame);
    link->handler_.send(d->number, frame);
    return size;
  }
  static void message(pri* p, char* text) { if (PriLink* link = of(p)) link->note(false, text); }
  static void error(pri* p, char* text) { if (PriLink* link = of(p)) link->note(true, text); }

  static PriCall known(PriLink& link, q931_call* call) {
    const auto* record = link.find(call);
    return record ? record->id : PriCall::none;
  }

  static void setup(PriLink& link, const pri_event_ring& ring) {
    if (link.records_.size() >= kPriCallsMax) {
      ++link.counters_["setup_over_limit"];
      pri_destroycall(link.master(), ring.call);
      return;
    }
    const PriCall id = link.add(ring.call, true);
    link.emit(pri_event::Setup{id, channel_of(ring.channel), ring.channel, ring.flexible == 0, link.crv(id), ring.callingnum, ring.callednum,
                               ring.complete != 0});
  }

  // HANGUP: the record waits for pri_hangup, which destroys it. HANGUP_ACK: it is destroyed already.
  static void gone(PriLink& link, const pri_event_hangup& hangup, bool destroyed) {
    const PriCall id = known(link, hangup.call);
    const int cause = hangup.cause;
    if (!destroyed) pri_hangup(link.master(), hangup.call, cause);
    link.forget(hangup.call);
    if (id != PriCall::none) link.emit(pri_event::Gone{id, cause});
  }

  // `e` is libpri's one static struct: everything is copied before anything else is called.
  static void translate(PriLink::DChannel& d, const ::pri_event& e) {
    PriLink& link = *d.link;
    switch (e.e) {
      case PRI_EVENT_DCHAN_UP: link.d_is(d, true); break;
      case PRI_EVENT_DCHAN_DOWN: link.d_is(d, false); break;
      case PRI_EVENT_RING: setup(link, e.ring); break;
      case PRI_EVENT_INFO_RECEIVED: link.emit(pri_event::Information{known(link, e.ring.call), e.ring.callednum, e.ring.complete != 0}); break;
      case PRI_EVENT_KEYPAD_DIGIT: link.emit(pri_event::Information{known(link, e.digit.call), e.digit.digits, false}); break;
      case PRI_EVENT_SETUP_ACK: link.emit(pri_event::SetupAck{known(link, e.setup_ack.call), channel_of(e.setup_ack.channel)}); break;
      case PRI_EVENT_PROCEEDING: link.emit(pri_event::Proceeding{known(link, e.proceeding.call), channel_of(e.proceeding.channel), in_band(e.proceeding.progressmask)}); break;
      case PRI_EVENT_PROGRESS: link.emit(pri_event::Progress{known(link, e.proceeding.call), in_band(e.proceeding.progressmask)}); break;
      case PRI_EVENT_RINGING: link.emit(pri_event::Alerting{known(link, e.ringing.call), channel_of(e.ringing.channel), in_band(e.ringing.progressmask)}); break;
      case PRI_EVENT_ANSWER: link.emit(pri_event::Connect{known(link, e.answer.call)}); break;
      case PRI_EVENT_CONNECT_ACK: link.emit(pri_event::ConnectAck{known(link, e.connect_ack.call)}); break;
      case PRI_EVENT_HANGUP_REQ:
        if (const PriCall id = known(link, e.hangup.call); id != PriCall::none) link.emit(pri_event::Disconnect{id, e.hangup.cause});
        else pri_hangup(link.master(), e.hangup.call, e.hangup.cause);
        break;
      case PRI_EVENT_HANGUP: gone(link, e.hangup, false); break;
      case PRI_EVENT_HANGUP_ACK: gone(link, e.hangup, true); break;
      case PRI_EVENT_RESTART: link.emit(pri_event::Restart{channel_of(e.restart.channel), interface_of(e.restart.channel)}); break;
      case PRI_EVENT_RESTART_ACK: link.emit(pri_event::RestartAck{channel_of(e.restartack.channel), interface_of(e.restartack.channel)}); break;
      case PRI_EVENT_SERVICE: link.emit(pri_event::Service{channel_of(e.service.channel), interface_of(e.service.channel), e.service.changestatus == kInService}); break;
      case PRI_EVENT_SERVICE_ACK: ++link.counters_["service_acknowledged"]; break;
      case PRI_EVENT_CONFIG_ERR: link.emit(pri_event::SameSide{}); break;  // its only use
      default: ++link.counters_["events_not_used"]; break;  // FACILITY, NOTIFY, HOLD …: not used yet
    }
  }
};

PriLink::PriLink(Timers& timers, std::string name, SpanKind kind, const PriConfig& config, Handler handler)
    : timers_(timers), name_(std::move(name)), t1_(kind == SpanKind::t1), config_(config), handler_(std::move(handler)) {
  records_.reserve(kPriCallsMax);
  for (int n = 0; n < kDChannelsMax; ++n) {
    d_[static_cast<std::size_t>(n)].link = this;
    d_[static_cast<std::size_t>(n)].number = n;
  }
}

// libpri has no public way to destroy a controller: it stays for the life of the process, and nobody calls it any more.
PriLink::~PriLink() {
  timers_.cancel(timer_);
  for (const Record& record : records_) pri_destroycall(master(), record.call);
  for (DChannel& d : ds())
    if (d.pri) pri_set_userdata(d.pri, nullptr);
}

void PriLink::begin() {
  pri_set_message(&PriLinkLibpri::message);
  pri_set_error(&PriLinkLibpri::error);
  const int type = switch_of(config_.switch_type, t1_);
  for (DChannel& d : ds()) {
    d.pri = pri_new_cb(-1, config_.network_side ? PRI_NETWORK : PRI_CPE, type, &PriLinkLibpri::read, &PriLinkLibpri::write, &d);
    SR_ENSURE(d.pri != nullptr);
    pri_set_debug(d.pri, 0);
    pri_set_timer(d.pri, PRI_TIMER_T309, ms(config_.t309));
    // Otherwise libpri puts Sending Complete into each EuroISDN SETUP, also into one whose digits are to follow.
    pri_set_overlapdial(d.pri, type == PRI_SWITCH_EUROISDN_E1 || type == PRI_SWITCH_EUROISDN_T1 || type == PRI_SWITCH_QSIG ? 1 : 0);
    pri_hangup_fix_enable(d.pri, 1);           // 5.3.2: DISCONNECT once a reply was sent
    pri_set_service_message_support(d.pri, 1);  // else libpri acknowledges each SERVICE and keeps it to itself
    pri_connect_ack_enable(d.pri, 1);          // 5.2.8: the answer holds when the network has acknowledged it
    if (d.number > 0) pri_enslave(master(), d.pri);
  }
  pump();
}

void PriLink::receive(std::span<const std::uint8_t> frame, int number) {
  DChannel& d = d_[static_cast<std::size_t>(number)];
  if (handler_.trace) handler_.trace(number, false, frame);
  if (!d.pri) begin();  // the far end has seen the line first
  if (!plausible_frame(frame)) {
    ++counters_["bad_frames"];
    return;
  }
  ++frames_;
  const MessageSeen seen = peek_message(frame);
  const bool was_up = d.up;
  const PriCall kept = clearing_kept(seen);
  const bool answer = d.asked && seen.final && ((frame[0] & 2) != 0) == config_.network_side;  // C/R: a response
  if (kept != PriCall::none || answer) {
    std::array<std::uint8_t, kFrameOctetsMax + kNotifyElement.size()> other;
    auto end = std::ranges::copy(kept != PriCall::none ? frame.first(seen.type_at) : frame, other.begin()).out;
    if (kept != PriCall::none) {
      *end++ = kNotify;
      end = std::ranges::copy(kNotifyElement, end).out;
    }
    if (answer) {
      d.asked = false;
      if ((other[2] & 3) == 3) other[2] &= 0xEF;  // DM without F: establish the link anew
      else other[3] &= 0xFE;
    }
    show(d, {other.begin(), end});
  } else {
    show(d, frame);
  }
  if (!d.proved && d.up && (seen.established || seen.sabme)) d_is(d, true);
  if (seen.crv >= 0 && d.usable() && number != active_) {  // the far end has chosen this one
    active_ = number;
    move_calls();
  }
  if (seen.sabme && was_up && d.up) {  // libpri answers UA, forgets what it had to send and says nothing
    ++counters_["link_anew"];
    emit(pri_event::Anew{});
  }
  if (seen.crv >= 0) sweep(seen.crv, seen.cause);
  if (kept != PriCall::none) emit(pri_event::Disconnect{kept, seen.cause < 0 ? PRI_CAUSE_NORMAL_CLEARING : seen.cause});
  pump();
}

void PriLink::show(DChannel& d, std::span<const std::uint8_t> frame) {
  incoming_ = frame;
  if (const auto* event = pri_check_event(d.pri)) PriLinkLibpri::translate(d, *event);
  incoming_ = {};
}

// The call that its caller clears before our first reply, if that is what the frame says.
PriCall PriLink::clearing_kept(const MessageSeen& seen) {
  if (!seen.by_caller || !(seen.disconnect || seen.release)) return PriCall::none;
  for (Record& record : records_)
    if (record.silent && record.crv == seen.crv) {
      record.cleared = true;
      return record.id;
    }
  return PriCall::none;
}

void PriLink::pump() {
  for (DChannel& d : ds())
    for (int step = 0; step < kStepsMax; ++step) {
      const timeval* next = pri_schedule_next(d.pri);
      if (!next || instant_of(*next) > timers_.now()) break;
      const auto* event = pri_schedule_run(d.pri);
      if (event) PriLinkLibpri::translate(d, *event);
      sweep(kAnyCrv, PRI_CAUSE_DESTINATION_OUT_OF_ORDER);
      if (!event) break;
    }
  arm();
}

// Most deadlines of Q.921 move away before they come; so a timer that is too early is left alone and asks again.
void PriLink::arm() {
  Instant when = Instant::max();
  for (const DChannel& d : ds())
    if (const timeval* next = pri_schedule_next(d.pri)) when = std::min(when, instant_of(*next));
  if (when == Instant::max() || (timer_ != TimerId::none && armed_ <= when)) return;
  timers_.cancel(timer_);
  armed_ = when;
  timer_ = timers_.at(when, [this] { timer_ = TimerId::none; pump(); });
}

void PriLink::sweep(int crv, int cause) {
  for (std::size_t i = 0; i < records_.size();) {
    const Record record = records_[i];
    if ((crv != kAnyCrv && record.crv != crv) || valid(record.call)) { ++i; continue; }
    forget(record.call);
    emit(pri_event::Gone{record.id, cause < 0 ? PRI_CAUSE_NORMAL_UNSPECIFIED : cause});
    i = 0;  // the handler may have changed the list
  }
}

void PriLink::emit(const PriEvent& event) { handler_.on_event(event); }

PriCall PriLink::setup(int raw_channel, const std::string& calling, const std::string& called, bool complete) {
  if (!master() || records_.size() >= kPriCallsMax) return PriCall::none;
  q931_call* call = pri_new_call(active());
  if (!call) return PriCall::none;
  pri_sr* request = pri_sr_new();
  std::string to = called.substr(0, kDigitsMax), from = calling.substr(0, kDigitsMax);
  pri_sr_set_channel(request, raw_channel, 1, 0);
  pri_sr_set_bearer(request, PRI_TRANS_CAP_SPEECH, t1_ ? PRI_LAYER_1_ULAW : PRI_LAYER_1_ALAW);
  pri_sr_set_called(request, to.data(), PRI_UNKNOWN, complete ? 1 : 0);
  if (!from.empty()) pri_sr_set_caller(request, from.data(), nullptr, PRI_UNKNOWN, PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN);
  const int failed = pri_setup(master(), call, request);
  pri_sr_free(request);
  if (failed) {
    pri_destroycall(master(), call);
    return PriCall::none;
  }
  const PriCall id = add(call, false);
  arm();
  return id;
}

int PriLink::crv(PriCall call) const {
  const Record* record = find(call);
  return record ? record->crv : 0;
}

void PriLink::send_setup_ack(PriCall call, int raw_channel) {
  if (Record* r = find(call)) { r->silent = false; pri_setup_ack(master(), r->call, raw_channel, 0, 0); arm(); }
}
void PriLink::send_proceeding(PriCall call, int raw_channel) {
  if (Record* r = find(call)) { r->silent = false; pri_proceeding(master(), r->call, raw_channel, 0); arm(); }
}
void PriLink::send_alerting(PriCall call) {
  if (Record* r = find(call)) { r->silent = false; pri_acknowledge(master(), r->call, 0, 0); arm(); }
}
void PriLink::send_progress(PriCall call) {
  if (Record* r = find(call)) { r->silent = false; pri_progress(master(), r->call, 0, 1); arm(); }
}
void PriLink::send_connect(PriCall call) {
  if (Record* r = find(call)) { r->silent = false; pri_answer(master(), r->call, 0, 0); arm(); }
}
void PriLink::send_connect_ack(PriCall call) {
  if (Record* r = find(call)) { pri_connect_ack(master(), r->call, 0); arm(); }
}
void PriLink::send_digit(PriCall call, char digit) {
  if (Record* r = find(call)) { pri_information(master(), r->call, digit); arm(); }
}

bool PriLink::clear(PriCall call, int cause) {
  Record* record = find(call);
  if (!record) return true;
  q931_call* raw = record->call;
  if (record->cleared) cause = kFarCleared;
  else if (record->silent && !refuses_at_once(cause)) pri_proceeding(master(), raw, 0, 0);
  record->silent = false;
  pri_hangup(master(), raw, cause);
  const bool gone = !valid(raw);
  if (gone) forget(raw);
  arm();
  return gone;
}

void PriLink::destroy(PriCall call) {
  const Record* record = find(call);
  if (!record) return;
  q931_call* raw = record->call;
  forget(raw);
  pri_destroycall(master(), raw);
}

void PriLink::send_restart(int raw_channel) {
  pri_reset(active(), raw_channel);
  arm();
}

void PriLink::send_service(int channel, int interface, bool in_service) {
  pri_maintenance_service(active(), std::max(interface, 0), channel, in_service ? kInService : kOutOfService);
  arm();
}

std::map<std::string, std::uint64_t> PriLink::counters() const {
  auto all = counters_;
  if (frames_ > 0) all["frames"] = frames_;
  return all;
}

bool PriLink::valid(q931_call* call) const {
  int mode = 0;
  quiet_ = true;
  const bool yes = pri_get_crv(master(), call, &mode) >= 0;
  quiet_ = false;
  return yes;
}

PriLink::Record* PriLink::find(PriCall id) {
  const auto at = std::find_if(records_.begin(), records_.end(), [id](const Record& r) { return r.id == id; });
  return at == records_.end() ? nullptr : &*at;
}
const PriLink::Record* PriLink::find(PriCall id) const { return const_cast<PriLink*>(this)->find(id); }
PriLink::Record* PriLink::find(q931_call* call) {
  const auto at = std::find_if(records_.begin(), records_.end(), [call](const Record& r) { return r.call == call; });
  return at == records_.end() ? nullptr : &*at;
}

PriCall PriLink::add(q931_call* call, bool silent) {
  const PriCall id{++last_id_};
  int mode = 0;
  const int high = pri_get_crv(master(), call, &mode);  // split as GR-303 does: the low three bits apart
  records_.push_back({id, call, high < 0 ? 0 : high << 3 | mode, !silent, silent, false});
  return id;
}

void PriLink::forget(q931_call* call) {
  std::erase_if(records_, [call](const Record& r) { return r.call == call; });
}

void PriLink::note(bool error, std::string_view text) {
  if (quiet_) return;
  ++counters_[error ? "libpri_errors" : "libpri_messages"];
  if (timers_.now() - noted_ < kNoteEvery) { ++suppressed_; return; }
  noted_ = timers_.now();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  log::warn("span {}: libpri: {} ({} lines not shown)", name_, text, suppressed_);
  suppressed_ = 0;
}

}  // namespace sr::sig
