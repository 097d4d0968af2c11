-- For tests/bench: callers at a constant rate, agents who answer at once. param.rate, param.talk (seconds, the caller hangs up
-- after so long with the agent; 0: the agent hangs up as soon as he has answered, so that the center sees both in this order), param.calls (at most; none given: the seconds alone bound them), param.agents, param.number.
-- The bench logs the agents in itself (ctictl) unless param.login is 1.
-- SPDX-License-Identifier: GPL-2.0-or-later
local center = include("center.lua")

curve = param.curve or "constant"
rate = param.rate or 20
agents = param.agents or 24
drain = param.drain or 30
calls = param.calls or 0
local talk = param.talk or 2
local number = tostring(param.number or center.numbers[1])
local silent = param.silent == 1   -- nobody speaks: signalling only

function caller(c)
  c:set_number(("15%09d"):format(c:index()))
  if not c:dial(number) then return end
  if not c:wait_answer(60) then mark("not answered") return end
  if not c:wait_agent(param.patience or 120) then mark("no agent") return end
  if talk == 0 then c:wait_cleared(60) return end
  if not silent then c:speak(true) end
  c:wait(talk)
  c:hangup()
end

function agent(a)
  if param.login == 1 then center.login(a) end
  while true do
    local rings, why = a:wait_ring()
    if rings then
      if a:answer() then
        if not silent then a:speak(true) end
        if talk > 0 then a:wait_gone() end
        a:on_hook()
      end
    elseif why == "closing" then
      return
    elseif param.login == 1 then
      a:wait(2)
      center.login(a)
    end
  end
end
