-- A TV-shopping show: three waves of callers to several advertised numbers, more than the agents can serve. Among them VIPs,
-- customers of earlier orders, blacklisted numbers, people who press wrong keys, people who keep their place and are called back, and people who hang up, in every state of a call.
-- Agents answer, talk, wrap up, now and then let a call ring, and dial out for about 5 % of all calls.
--   param.agents   agents (default 20)          param.patience   mean seconds that a caller waits (default 16)
--   param.outgoing share of an agent's calls after which he dials out      param.short    1: everybody talks less (tests)
-- SPDX-License-Identifier: GPL-2.0-or-later
local center = include("center.lua")

curve = "waves"
rate = 4.0
period = tonumber(param.seconds) and param.seconds > 0 and param.seconds or 90
agents = param.agents or 20
drain = param.drain or 45
local patience = param.patience or 16
local pace = param.short == 1 and 0.45 or 1
local outgoing_share = param.outgoing or 0.125  -- of the calls an agent has had

-- Who calls: weight, then what he does once he is connected. Those that hang up before are in `before_answer`.
local kinds = {
  { 50, "patient" }, { 10, "impatient" }, { 6, "wrong_keys" }, { 3, "hangs_up_ringing" }, { 4, "hangs_up_in_prompt" },
  { 6, "hangs_up_in_queue" }, { 4, "hangs_up_agent_rings" }, { 4, "hangs_up_talking" }, { 4, "blacklisted" }, { 4, "vip" }, { 4, "returning" }, { 2, "wrong_number" }, { 6, "order_status" },
  { 8, "keeps_place" },
}
local function draw(c)
  local sum = 0
  for _, k in ipairs(kinds) do sum = sum + k[1] end
  local x = c:random() * sum
  for _, k in ipairs(kinds) do
    x = x - k[1]
    if x < 0 then return k[2] end
  end
  return "patient"
end

local function number_for(c, kind)
  local known = { vip = center.vip, returning = center.returning, order_status = center.returning, blacklisted = center.blacklist }
  local list = known[kind]
  if kind == "patient" and c:chance(0.5) then list = center.customers end
  if list and c:set_number(list[c:random(#list)]) then return end
  c:set_number(center.fresh_number(c))
end

local function number_to_dial(c, kind)
  if kind == "wrong_number" then return "4009999" end
  if kind == "order_status" then return center.service end
  return center.number(c)
end

-- With an agent: both speak; mostly the agent ends it.
local function talk(c, kind)
  local longest = kind == "hangs_up_talking" and c:between(0.5, 2.5) or c:between(5, 14) * pace
  c:talk(longest)
  c:hangup()
end

-- He knows the offer and does not wait to hear it: 1 in the queue, his number is read to him, 1 again, and he is called back at his turn.
-- The first 1 may come too early, into the greeting.
local function keep_place(c)
  local agent = c:wait_agent(c:between(5, 8))
  for _ = 1, 3 do
    if agent or not c:is_up() then break end
    c:press("1")
    agent = c:wait_agent(c:between(2, 4))
  end
  if not agent and c:is_up() then agent = c:wait_agent(20) end
  if agent then talk(c, "keeps_place") end
  c:hangup()
end

function caller(c)
  local kind = draw(c)
  number_for(c, kind)
  c:story(kind)
  if not c:dial(number_to_dial(c, kind)) then return end
  if kind == "hangs_up_ringing" then
    c:wait(c:between(0.0005, 0.03))   -- the center answers quickly
    c:hangup()
    return
  end
  if not c:wait_answer(30) then return end
  if kind == "hangs_up_in_prompt" then
    c:wait(c:between(0.2, 1.5))
    c:hangup()
    return
  end
  if kind == "wrong_keys" then
    c:wait(c:between(0.5, 1.5))
    c:press("9*8#77")
  end
  if kind == "blacklisted" then c:wait_cleared(20) return end
  if kind == "order_status" then
    c:wait(c:between(0.5, 1.5))
    if pace < 1 or c:chance(0.6) then
      c:press("3")                      -- his points
    else
      c:press("2")                      -- his order: the number is asked for
      c:wait_prompt(10)
      c:press(center.order_of(c:number()) .. "#")
    end
    c:wait_cleared(20 * pace)
    c:hangup()
    return
  end
  if kind == "hangs_up_agent_rings" and c:wait_offered(patience) then
    c:wait(c:between(0.1, 0.5))
    c:hangup()
    return
  end
  if kind == "keeps_place" then
    keep_place(c)
    return
  end
  local waits = 7 * pace + c:exponential(patience)
  if kind == "impatient" then waits = c:between(3, 9) end
  if kind == "hangs_up_in_queue" then waits = c:between(5, 9) end
  if kind == "vip" or kind == "returning" then waits = waits + 10 * pace end
  if not c:wait_agent(waits) then
    c:hangup()
    return
  end
  talk(c, kind)
end

local function dial_out(a)
  if a:state() == "ringing" or not a:off_hook() then return end   -- a ring comes first: picking up would answer it
  a:wait(0.3)
  a:press("0" .. ("13%09d"):format(a:random(0, 999999999)) .. "#")
  a:wait(a:between(1, 3))
  a:talk(a:between(5, 10) * pace)
  a:on_hook()
end

function agent(a)
  a:wait(a:between(0, 0.5))
  center.login(a)
  local due = a:random()            -- of the next call that he dials himself: evenly, so that a short show has its share too
  while true do
    local rings, why = a:wait_ring(20 * pace)
    if rings then
      if a:chance(0.03) then
        mark("ignored a ring")
        a:wait_cleared(40)
        a:wait(a:between(1, 3))
        center.ready(a)
      else
        a:wait(a:between(0.4, 1.6))
        if a:answer() then
          a:talk(a:between(4, 9) * pace)
          a:on_hook()
          due = due + outgoing_share
          if due >= 1 and not a:is_closing() then
            due = due - 1
            a:wait(0.5)
            dial_out(a)
          end
        end
      end
    elseif why == "closing" then
      a:wait(a:between(0, 0.5))
      center.logout(a)
      return
    elseif why == "line" then
      a:wait(a:between(1.5, 3))     -- the center has just come back
      center.login(a)
    else
      center.login(a)               -- nobody rings for so long: does the center still know me?
    end
  end
end

-- Whom the agents dial: most answer after a while, some are busy, some are not at home.
function called(p)
  local x = p:random()
  if x < 0.12 then p:hangup(17) return end
  p:alert()
  if x < 0.22 then
    p:wait_cleared(12)
    p:hangup(19)
    return
  end
  if not p:wait(p:between(0.5, 2.5)) then return end
  if p:answer() then p:talk(p:between(3, 9)) end
  p:hangup()
end
