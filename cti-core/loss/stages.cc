// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/loss/stages.h"

#include <boost/mp11.hpp>

#include <array>

namespace sr::loss {
namespace {

struct Row { LossStage stage; std::string_view words; };

constexpr std::array kRows = {
    Row{LossStage::no_channel, "no channel for the SETUP"},
    Row{LossStage::number_incomplete, "the number stayed incomplete"},
    Row{LossStage::rejected, "the called number is none of ours"},
    Row{LossStage::captured, "captured: his number was kept, nobody could serve him in time"},
    Row{LossStage::in_script, "hung up in the script"},
    Row{LossStage::in_queue, "hung up while waiting"},
    Row{LossStage::ringing_agent, "hung up while an agent's phone rang"},
    Row{LossStage::timeout, "waited too long for an agent"},
    Row{LossStage::full, "the queue was full"},
    Row{LossStage::closed, "the queue was closed"},
    Row{LossStage::empty, "nobody was logged on"},
    Row{LossStage::place_kept, "left his number and keeps his place"},
    Row{LossStage::blacklist, "on the blacklist"},
    Row{LossStage::script_error, "the script failed"},
    Row{LossStage::system_fault, "a fault of the system, or it was overloaded"},
};

constexpr bool complete() {
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (static_cast<std::size_t>(kRows[i].stage) != i) return false;
  return kRows.size() == boost::mp11::mp_size<boost::describe::describe_enumerators<LossStage>>::value;
}
static_assert(complete());

}  // namespace

std::string_view words(LossStage stage) { return kRows[static_cast<std::size_t>(stage)].words; }

std::string_view words(std::string_view stage) {
  for (const Row& row : kRows)
    if (stage == boost::describe::enum_to_string(row.stage, "")) return row.words;
  return stage;
}

}  // namespace sr::loss
