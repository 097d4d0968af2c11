// The events of the journal: what happened, in the words of CSTA (ECMA-269). One described struct per kind, one variant.
// The store writes them, the CTI fronts send them, the projections and the recovery are computed from them.
// A new kind breaks the build in store/projections.cc, which is the point.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "drivers/base/time.h"

namespace sr {

enum class CallId : std::uint64_t { none = 0 };   // never used twice in one journal
using Seq = std::uint64_t;                        // place in the journal, from 1, increasing; a restart leaves a gap
inline std::uint64_t to_number(CallId id) { return static_cast<std::uint64_t>(id); }

// Why and where a caller did not reach an agent (mission D1). One row of table `lost` names one of these.
BOOST_DEFINE_ENUM_CLASS(LossStage, no_channel, number_incomplete, rejected, captured, in_script, in_queue, ringing_agent, timeout, full, closed, empty, place_kept,
                        blacklist, script_error, system_fault)
// ECMA-269 cause words that we use.
BOOST_DEFINE_ENUM_CLASS(Cause, newCall, normal, normalClearing, busy, callNotAnswered, alertTimeExpired, callCancelled, distributed,
                        enteringDistribution, noAvailableAgents, queueTimeOverflow, overflow, redirected, trunksBusy, resourcesNotAvailable,
                        makeCall, consultation, recall, alternate, transfer, singleStepTransfer, callPickup, numberUnallocated, destOutOfOrder, networkCongestion, keyOperation, maintenance, systemFault)

namespace ev {

// An incoming call; the first event of its life. `number` is the configured number (DNIS) that matched, empty if none did. group: of its
// trunk; spot: the one that it is counted to (model/calendar.h).
struct Offered { static constexpr std::string_view kName = "offered"; CallId call{}; std::string span; int channel = 0; int crv = 0; std::string calling; std::string called; std::string number; std::string group{}; std::string spot{}; };
BOOST_DESCRIBE_STRUCT(Offered, (), (call, span, channel, crv, calling, called, number, group, spot))
struct NumberCompleted { static constexpr std::string_view kName = "numberCompleted"; CallId call{}; std::string called; std::string number; std::string spot{}; };
BOOST_DESCRIBE_STRUCT(NumberCompleted, (), (call, called, number, spot))
// An outgoing call: a phone went off-hook and dialled (device = station), or a script or client made it.
struct ServiceInitiated { static constexpr std::string_view kName = "serviceInitiated"; CallId call{}; std::string initiatedDevice; };
BOOST_DESCRIBE_STRUCT(ServiceInitiated, (), (call, initiatedDevice))
struct Originated { static constexpr std::string_view kName = "originated"; CallId call{}; std::string callingDevice; std::string calledDevice; std::string agentID; Cause cause = Cause::makeCall; };
BOOST_DESCRIBE_STRUCT(Originated, (), (call, callingDevice, calledDevice, agentID, cause))
struct Queued { static constexpr std::string_view kName = "queued"; CallId call{}; std::string queue; int priority = 0; int callsInFront = 0; Cause cause = Cause::enteringDistribution; };
BOOST_DESCRIBE_STRUCT(Queued, (), (call, queue, priority, callsInFront, cause))
// The call is offered to a device; emitted before the ring command (screen pop).
struct Delivered { static constexpr std::string_view kName = "delivered"; CallId call{}; std::string alertingDevice; std::string agentID; std::string callingDevice; std::string calledDevice; std::string queue; std::string customer; std::string lastOrder; Cause cause = Cause::distributed; };
BOOST_DESCRIBE_STRUCT(Delivered, (), (call, alertingDevice, agentID, callingDevice, calledDevice, queue, customer, lastOrder, cause))
// answeringDevice: "ivr", a station, or the called number of an outgoing call. With agentID: an agent has answered.
struct Established { static constexpr std::string_view kName = "established"; CallId call{}; std::string answeringDevice; std::string agentID; std::string callingDevice; std::string calledDevice; Cause cause = Cause::normal; };
BOOST_DESCRIBE_STRUCT(Established, (), (call, answeringDevice, agentID, callingDevice, calledDevice, cause))
// The call left a device (queue or alerting agent) without being answered there.
struct Diverted { static constexpr std::string_view kName = "diverted"; CallId call{}; std::string divertingDevice; std::string agentID; Cause cause = Cause::callNotAnswered; };
BOOST_DESCRIBE_STRUCT(Diverted, (), (call, divertingDevice, agentID, cause))
// An agent holds the caller or the second of a consultation, has him again, has both at once, or has given the caller away (to whom rings,
// if the call is queued; else they talk). agentID is empty where the call goes to no agent. Conferenced ends a hold as Retrieved does.
struct Held { static constexpr std::string_view kName = "held"; CallId call{}; std::string holdingDevice; std::string heldDevice; Cause cause = Cause::normal; };
BOOST_DESCRIBE_STRUCT(Held, (), (call, holdingDevice, heldDevice, cause))
struct Retrieved { static constexpr std::string_view kName = "retrieved"; CallId call{}; std::string retrievingDevice; std::string retrievedDevice; Cause cause = Cause::normal; };
BOOST_DESCRIBE_STRUCT(Retrieved, (), (call, retrievingDevice, retrievedDevice, cause))
struct Conferenced { static constexpr std::string_view kName = "conferenced"; CallId call{}; std::string conferencingDevice; std::string addedParty; };
BOOST_DESCRIBE_STRUCT(Conferenced, (), (call, conferencingDevice, addedParty))
struct Transferred { static constexpr std::string_view kName = "transferred"; CallId call{}; std::string transferringDevice; std::string transferredToDevice; std::string agentID; Cause cause = Cause::transfer; };
BOOST_DESCRIBE_STRUCT(Transferred, (), (call, transferringDevice, transferredToDevice, agentID, cause))
// Whoever holds somebody for so long has been reminded of him.
struct HoldRecall { static constexpr std::string_view kName = "holdRecall"; CallId call{}; std::string holdingDevice; std::string heldDevice; int heldMs = 0; };
BOOST_DESCRIBE_STRUCT(HoldRecall, (), (call, holdingDevice, heldDevice, heldMs))
struct Failed { static constexpr std::string_view kName = "failed"; CallId call{}; std::string failingDevice; Cause cause = Cause::busy; int q850 = 0; };
BOOST_DESCRIBE_STRUCT(Failed, (), (call, failingDevice, cause, q850))
struct ConnectionCleared { static constexpr std::string_view kName = "connectionCleared"; CallId call{}; std::string droppedConnection; std::string releasingDevice; Cause cause = Cause::normalClearing; int q850 = 16; };
BOOST_DESCRIBE_STRUCT(ConnectionCleared, (), (call, droppedConnection, releasingDevice, cause, q850))
struct CallCleared { static constexpr std::string_view kName = "callCleared"; CallId call{}; Cause cause = Cause::normalClearing; };  // the last event of a call
BOOST_DESCRIBE_STRUCT(CallCleared, (), (call, cause))

// The three outcomes of an incoming call besides "in progress" are: Established with an agentID, Served, Lost. Exactly one.
struct Served { static constexpr std::string_view kName = "served"; CallId call{}; std::string reason; };
BOOST_DESCRIBE_STRUCT(Served, (), (call, reason))
struct Lost { static constexpr std::string_view kName = "lost"; CallId call{}; LossStage stage = LossStage::system_fault; std::string reason; bool callback = false; };
BOOST_DESCRIBE_STRUCT(Lost, (), (call, stage, reason, callback))

// A customer is to be called back: one open task per number. Its id is the call that opened it; due: not before that time.
struct CallbackOpened { static constexpr std::string_view kName = "callbackOpened"; CallId call{}; std::string customer; std::string kind; std::string number; std::string queue; std::string spot; std::optional<Instant> due; };
BOOST_DESCRIBE_STRUCT(CallbackOpened, (), (call, customer, kind, number, queue, spot, due))
// He called again (call) and reached nobody again, or something else is to be done for him.
struct CallbackUpdated { static constexpr std::string_view kName = "callbackUpdated"; CallId call{}; CallId callback{}; std::string kind; std::optional<Instant> due; };
BOOST_DESCRIBE_STRUCT(CallbackUpdated, (), (call, callback, kind, due))
// call: with which he reached an agent; none: closed by a client.
struct CallbackClosed { static constexpr std::string_view kName = "callbackClosed"; CallId callback{}; std::string customer; std::string outcome; CallId call{}; };
BOOST_DESCRIBE_STRUCT(CallbackClosed, (), (callback, customer, outcome, call))

struct CallData { static constexpr std::string_view kName = "callData"; CallId call{}; std::string key; std::string value; };
BOOST_DESCRIBE_STRUCT(CallData, (), (call, key, value))
struct RecordingStarted { static constexpr std::string_view kName = "recordingStarted"; CallId call{}; std::string file; };
BOOST_DESCRIBE_STRUCT(RecordingStarted, (), (call, file))
struct RecordingEnded { static constexpr std::string_view kName = "recordingEnded"; CallId call{}; std::string file; int durationMs = 0; std::string end; };
BOOST_DESCRIBE_STRUCT(RecordingEnded, (), (call, file, durationMs, end))

struct AgentLoggedOn { static constexpr std::string_view kName = "agentLoggedOn"; std::string agentID; std::string agentDevice; };
BOOST_DESCRIBE_STRUCT(AgentLoggedOn, (), (agentID, agentDevice))
struct AgentLoggedOff { static constexpr std::string_view kName = "agentLoggedOff"; std::string agentID; std::string agentDevice; std::string reason; };
BOOST_DESCRIBE_STRUCT(AgentLoggedOff, (), (agentID, agentDevice, reason))
struct AgentReady { static constexpr std::string_view kName = "agentReady"; std::string agentID; std::string agentDevice; };
BOOST_DESCRIBE_STRUCT(AgentReady, (), (agentID, agentDevice))
struct AgentNotReady { static constexpr std::string_view kName = "agentNotReady"; std::string agentID; std::string agentDevice; std::string reason; };
BOOST_DESCRIBE_STRUCT(AgentNotReady, (), (agentID, agentDevice, reason))
struct AgentBusy { static constexpr std::string_view kName = "agentBusy"; std::string agentID; std::string agentDevice; CallId call{}; };
BOOST_DESCRIBE_STRUCT(AgentBusy, (), (agentID, agentDevice, call))
// wrapUpMs: so long from now on; 0: until he is ready by himself. Told again when it is made longer.
struct AgentWorkingAfterCall { static constexpr std::string_view kName = "agentWorkingAfterCall"; std::string agentID; std::string agentDevice; CallId call{}; std::int64_t wrapUpMs = 0; };
BOOST_DESCRIBE_STRUCT(AgentWorkingAfterCall, (), (agentID, agentDevice, call, wrapUpMs))

// What somebody with the rights of a supervisor did, or was refused (then `why`). `detail`: besides agent and call.
struct SupervisorAct { static constexpr std::string_view kName = "supervisorAct"; CallId call{}; std::string who; std::string from; std::string act; std::string agentID; std::string detail; bool done = true; std::string why; };
BOOST_DESCRIBE_STRUCT(SupervisorAct, (), (call, who, from, act, agentID, detail, done, why))
// A skill at this level (0: no longer), a queue that names him or does not: in force until the configuration file is read anew.
struct AgentSkill { static constexpr std::string_view kName = "agentSkill"; std::string agentID; std::string skill; int level = 0; };
BOOST_DESCRIBE_STRUCT(AgentSkill, (), (agentID, skill, level))
struct QueueMember { static constexpr std::string_view kName = "queueMember"; std::string queue; std::string agentID; bool member = true; };
BOOST_DESCRIBE_STRUCT(QueueMember, (), (queue, agentID, member))

// From now on this many overflow steps of a queue are taken: others than its own agents help.
struct QueueOverflow { static constexpr std::string_view kName = "queueOverflow"; std::string queue; int step = 0; int waiting = 0; int oldestMs = 0; };
BOOST_DESCRIBE_STRUCT(QueueOverflow, (), (queue, step, waiting, oldestMs))

// Another configuration is in force. act: reload, rollback, or start (the file was changed while ctid was away).
struct ConfigurationChanged { static constexpr std::string_view kName = "configurationChanged"; std::string who; std::string act; int changes = 0; std::string summary; };
BOOST_DESCRIBE_STRUCT(ConfigurationChanged, (), (who, act, changes, summary))
// A waiting caller was told his position (1: the next) and a wait; 0 seconds: no wait. estimateMs: what was expected, before it was rounded.
struct WaitAnnounced { static constexpr std::string_view kName = "waitAnnounced"; CallId call{}; std::string queue; int position = 0; int seconds = 0; std::int64_t estimateMs = 0; };
BOOST_DESCRIBE_STRUCT(WaitAnnounced, (), (call, queue, position, seconds, estimateMs))

// A caller left his number and keeps his place in a queue under the id of his call, which is lost; the callback is a call of its own.
struct PlaceKept { static constexpr std::string_view kName = "placeKept"; CallId call{}; std::string queue; std::string number; int priority = 0; Instant since; };
BOOST_DESCRIBE_STRUCT(PlaceKept, (), (call, queue, number, priority, since))
struct PlaceCalled { static constexpr std::string_view kName = "placeCalled"; CallId call{}; CallId callback{}; std::string agentID; };
BOOST_DESCRIBE_STRUCT(PlaceCalled, (), (call, callback, agentID))
struct PlaceTried { static constexpr std::string_view kName = "placeTried"; CallId call{}; CallId callback{}; int tries = 0; int q850 = 0; };
BOOST_DESCRIBE_STRUCT(PlaceTried, (), (call, callback, tries, q850))
struct PlaceClosed { static constexpr std::string_view kName = "placeClosed"; CallId call{}; std::string outcome; };
BOOST_DESCRIBE_STRUCT(PlaceClosed, (), (call, outcome))

struct Alarm { static constexpr std::string_view kName = "alarm"; std::string span; std::string alarm; bool raised = true; };
BOOST_DESCRIBE_STRUCT(Alarm, (), (span, alarm, raised))
// Of a span, or of a whole trunk group (then span is empty and so many channels were in service).
struct AllTrunksBusy { static constexpr std::string_view kName = "allTrunksBusy"; std::string span; Instant since; Duration lasted{}; std::string group{}; int channels = 0; };
BOOST_DESCRIBE_STRUCT(AllTrunksBusy, (), (span, since, lasted, group, channels))
struct SystemStarted { static constexpr std::string_view kName = "systemStarted"; std::uint64_t incarnation = 0; };
BOOST_DESCRIBE_STRUCT(SystemStarted, (), (incarnation))
struct BoardLink { static constexpr std::string_view kName = "boardLink"; std::uint64_t epoch = 0; bool up = true; };
BOOST_DESCRIBE_STRUCT(BoardLink, (), (epoch, up))
struct BoardActedAlone { static constexpr std::string_view kName = "boardActedAlone"; CallId call{}; std::string act; };
BOOST_DESCRIBE_STRUCT(BoardActedAlone, (), (call, act))

}  // namespace ev

using JournalEvent = std::variant<ev::Offered, ev::NumberCompleted, ev::ServiceInitiated, ev::Originated, ev::Queued, ev::Delivered, ev::Established,
                                  ev::Diverted, ev::Held, ev::Retrieved, ev::Conferenced, ev::Transferred, ev::HoldRecall, ev::Failed, ev::ConnectionCleared, ev::CallCleared, ev::Served, ev::Lost,
                                  ev::CallbackOpened, ev::CallbackUpdated, ev::CallbackClosed, ev::CallData, ev::RecordingStarted,
                                  ev::RecordingEnded, ev::AgentLoggedOn, ev::AgentLoggedOff, ev::AgentReady, ev::AgentNotReady, ev::AgentBusy,
                                  ev::AgentWorkingAfterCall, ev::SupervisorAct, ev::AgentSkill, ev::QueueMember, ev::QueueOverflow, ev::ConfigurationChanged, ev::WaitAnnounced, ev::PlaceKept, ev::PlaceCalled, ev::PlaceTried, ev::PlaceClosed, ev::Alarm, ev::AllTrunksBusy, ev::SystemStarted, ev::BoardLink, ev::BoardActedAlone>;

struct JournalRow {
  Seq seq = 0;
  Instant at{};
  JournalEvent event;
};

std::string_view event_name(const JournalEvent& event);   // kName
CallId call_of(const JournalEvent& event);                // CallId::none where there is none
std::string to_json(const JournalEvent& event);           // members only, as one object

}  // namespace sr
