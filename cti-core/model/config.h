// The configuration of a center (ivr-scripts/center.toml): numbers, queues, agents. Read by app/config_toml.cc, which names file,
// line, what is wrong and what to write instead; an unknown key is an error. Times in the file end in _s or _ms.
// Each member is described: by that a reload says what has changed (config_diff.h; one that is not does not compile there).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cti-core/model/announce.h"
#include "cti-core/model/calendar.h"
#include "cti-core/model/distribution.h"
#include "cti-core/model/place.h"
#include "drivers/base/result.h"
#include "drivers/base/time.h"
#include "drivers/board/board.h"

namespace sr {

struct NumberConfig {             // [[number]]
  std::string number;             // DNIS as the exchange sends it
  std::string business;           // what is sold there
  std::string script;             // file below the script directory
  std::string queue;              // where a caller goes when the script fails
  std::string language = "zh";
  board::RecordPolicy record = board::RecordPolicy::whole;
  bool record_calls = true;
  // digits = "always": what the caller types while he talks to an agent becomes callData "digits", and is so in the journal and on the
  // CTI socket; not for numbers where card data are typed. "script": his digits are heard by the script only.
  bool digits_always = false;
  std::string agent{};            // a number of his own, without a script; he is waited for so long, then anybody of the queue has the caller
  Duration agent_wait{};
  CaptureConfig capture{};
  std::optional<Duration> capture_expected{};  // who would wait longer is captured
  std::vector<HoursConfig> hours{};            // open = […]; none: always
};
BOOST_DESCRIBE_STRUCT(NumberConfig, (), (number, business, script, queue, language, record, record_calls, digits_always, agent, agent_wait, capture, capture_expected, hours))
struct OverflowConfig {           // [[queue.overflow]]: who helps from this step on
  std::string queue{};            // the agents of another queue
  std::vector<std::string> agents{};
  std::map<std::string, int> skills{};
  OverflowThresholds when{};
};
BOOST_DESCRIBE_STRUCT(OverflowConfig, (), (queue, agents, skills, when))
struct QueueConfig {              // [[queue]]
  std::string name;
  std::vector<std::string> agents{};
  Duration timeout = 120s;        // then the script goes on
  std::size_t length_max = 1000;
  bool open = true;
  std::map<std::string, int> skills{};  // who has them all at these levels or better serves it, too
  Strategy strategy = Strategy::longest_idle;
  std::vector<OverflowConfig> overflow{};  // in this order
  AnnounceConfig announce{};
  std::vector<HoursConfig> hours{};     // open = […]; none: always
  std::optional<Duration> empty{};      // nobody is logged on for so long: callers leave
  std::string leave_prompt = "all_busy_will_call_back";  // to who leaves the line when his script is no longer there
  PlaceConfig callback{};
  std::string extension{};              // dialled by an agent who holds a caller; empty: none
};
BOOST_DESCRIBE_STRUCT(QueueConfig, (), (name, agents, timeout, length_max, open, skills, strategy, overflow, announce, hours, empty, leave_prompt, callback, extension))
struct AgentConfig {              // [[agent]]
  std::string id{}, name{}, pin{};
  std::optional<Duration> wrap_up = 10s;  // none: until he presses ready
  std::map<std::string, int> skills{};  // level 1 … kSkillLevelMax
  bool supervisor = false;              // may listen, and give the orders of model/supervisor.h
};
BOOST_DESCRIBE_STRUCT(AgentConfig, (), (id, name, pin, wrap_up, skills, supervisor))
inline constexpr int kSkillLevelMax = 16;
struct PhoneConfig {              // [[phone]]: where agents sit besides the stations, or a station in headset mode
  std::string name{};             // agents log on there; of a station its own name
  std::string group{}, number{};  // outside: trunk group and the number that is dialled; empty: a station
  std::string calling{};          // shown there: "caller", or a number; empty: outgoing_calling
  bool kept_up = false;           // the line stays up between calls
  std::string accept_key{};       // takes a call; empty: answering does
};
BOOST_DESCRIBE_STRUCT(PhoneConfig, (), (name, group, number, calling, kept_up, accept_key))

struct CenterConfig {
  std::vector<TrunkConfig> trunks;
  std::vector<SpotConfig> spots;       // by their start
  std::vector<HolidayConfig> holidays;
  std::vector<NumberConfig> numbers;
  std::vector<QueueConfig> queues;
  std::vector<AgentConfig> agents;
  std::vector<PhoneConfig> phones;
  std::string outgoing_group;     // trunk group for calls dialled from phones
  std::string outgoing_calling;   // number shown
  char access_digit = '0';
  std::string code_login = "*11", code_logout = "*12", code_ready = "*13", code_not_ready = "*14", code_more_wrap_up = "*15", code_supervisor = "*3";
  std::map<std::string, std::string> not_ready_reasons = {{"0", "unspecified"}, {"1", "break"}, {"2", "lunch"}, {"3", "training"}};
  Duration no_answer = 15s;       // redirect on no answer
  Duration hold_recall = 60s;     // who holds somebody so long is reminded, again and again
  Duration wrap_up_extend = 30s;  // what one wish for more wrap-up adds
  Duration priority_worth = 600s; // one class of priority counts as so much time waited
  std::string fallback_prompt = "one_moment";
  std::string business_sql = "data/business.sql";   // [data]: file below the script directory from which business.db is made the first time
  std::vector<std::string> writable_tables;    // of business.db, by scripts
};
BOOST_DESCRIBE_STRUCT(CenterConfig, (), (trunks, spots, holidays, numbers, queues, agents, phones, outgoing_group, outgoing_calling, access_digit, code_login, code_logout, code_ready, code_not_ready, code_more_wrap_up, code_supervisor,
                                         not_ready_reasons, no_answer, hold_recall, wrap_up_extend, priority_worth, fallback_prompt, business_sql, writable_tables))

}  // namespace sr
