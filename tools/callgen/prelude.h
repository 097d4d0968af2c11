// The blocking calls of a scenario, written in Lua over the primitives of script.cc. Each returns true, or false and the reason:
// "timeout", "cleared", "refused", "gone", "line" or "closing".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace sr::callgen {

inline constexpr const char* kPrelude = R"lua(
local Party = ...

local function outcome(why, want)
  if why == want then return true end
  return false, why
end

function Party:wait(seconds)
  if not self:is_up() then return outcome(self:_wait("", seconds), "timeout") end
  return outcome(self:_wait("cleared gone", seconds), "timeout")
end

function Party:dial(number, options)
  options = options or {}
  if options.calling then self:set_number(options.calling) end
  self:_dial(number, options.group or "")
  return self:is_up()
end

function Party:wait_answer(timeout)
  if self:state() == "connected" then return true end
  if not self:is_up() then return false, self:was_refused() and "refused" or "cleared" end
  return outcome(self:_wait("answered cleared refused", timeout or -1), "answered")
end

function Party:wait_prompt(timeout, quiet)
  if not self:is_up() then return false, "cleared" end
  return outcome(self:_wait_prompt(timeout or 20, quiet or -1), "prompt")
end

function Party:wait_agent(timeout)
  if self:with_agent() then return true end
  if not self:is_up() then return false, "cleared" end
  return outcome(self:_wait("agent cleared", timeout or -1), "agent")
end

function Party:wait_offered(timeout)
  if self:rings_agent() or self:with_agent() then return true end
  if not self:is_up() then return false, "cleared" end
  return outcome(self:_wait("offered agent cleared", timeout or -1), "offered")
end

function Party:wait_cleared(timeout)
  if self:state() == "idle" then return true end
  return outcome(self:_wait("cleared", timeout or -1), "cleared")
end

function Party:wait_gone(timeout)
  if not self:is_up() or self:far_gone() then return true end
  local why = self:_wait("cleared gone", timeout or -1)
  if why == "timeout" then return false, why end
  return true
end

function Party:talk(seconds)
  if not self:is_up() then return false, "cleared" end
  if self:far_gone() then return false, "gone" end
  self:speak(true)
  local ok, why = self:wait(seconds)
  self:speak(false)
  return ok, why
end

function Party:press(digits)
  if not self:is_up() then return false, "cleared" end
  self:_press(digits)
  local seconds = 0.1
  for digit in digits:gmatch(".") do seconds = seconds + (digit == "," and 0.5 or 0.16) end
  return self:wait(seconds)
end

function Party:hangup(cause)
  self:_hangup(cause or 16)
  return self:wait_cleared(10)
end

-- an agent's phone
function Party:on_hook() return self:hangup(16) end

function Party:off_hook()
  self:_off_hook()
  if self:state() == "connected" then return true end
  if not self:is_up() then return false, "cleared" end
  return outcome(self:_wait("answered cleared", 5), "answered")
end

function Party:wait_ring(timeout)
  if self:state() == "ringing" then return true end
  if self:is_closing() then return false, "closing" end
  if self:take_line_back() then return false, "line" end
  return outcome(self:_wait("ring line closing", timeout or -1), "ring")
end

-- somebody the center calls, or a phone that rings
function Party:answer()
  if self:state() == "connected" then return true end
  if not self:is_up() then return false, "cleared" end
  self:_answer()
  if self:state() == "connected" then return true end
  return outcome(self:_wait("answered cleared", 10), "answered")
end
)lua";

}  // namespace sr::callgen
