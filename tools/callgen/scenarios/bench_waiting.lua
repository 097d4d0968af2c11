-- For tests/bench: param.callers callers dial in at param.rate per second and wait in the queue until the end. Agents, when there
-- are any (param.agents), answer at once, talk param.talk seconds and hang up: the spread on_hook_to_ring in the progress file is
-- "agent ready → the next caller rings at his phone" (with a wrap-up of 0).
-- SPDX-License-Identifier: GPL-2.0-or-later
local center = include("center.lua")

curve = "constant"
rate = param.rate or 50
calls = param.callers or 1000
agents = param.agents or 0
drain = param.drain or 5
local talk = param.talk or 1
local number = tostring(param.number or center.numbers[1])

function caller(c)
  c:set_number(("15%09d"):format(c:index()))
  if not c:dial(number) then return end
  if not c:wait_answer(60) then mark("not answered") return end
  mark("answered")
  if c:wait_agent() then
    c:wait_cleared(talk + 30)
    c:hangup()
  end
end

function agent(a)
  if param.login == 1 then center.login(a) end
  while true do
    local rings, why = a:wait_ring()
    if rings then
      if a:answer() then
        a:wait(talk)
        a:on_hook()
      end
    elseif why == "closing" then return
    elseif param.login == 1 then a:wait(2) center.login(a) end
  end
end
