-- For tests/e2e/outside_phones: three callers who wait as long as it takes, an agent at home whose line is kept up, one on the road who is
-- dialled for each call. The first line is lost after the first caller has been served.
-- SPDX-License-Identifier: GPL-2.0-or-later
curve = "constant"
rate = 1
calls = 3
agents = 0
local patience = 900
local served, lines = 0, 0

function caller(c)
  if not c:dial("4006003") then return end
  c:wait_cleared(patience)
  served = served + 1
  c:hangup()
end

function called(p)
  p:alert()
  if not p:answer() then return end
  if p:number() == "13912345679" then
    p:wait(0.5)
    p:press("1")
    p:wait_cleared(patience)
    p:hangup()
    return
  end
  lines = lines + 1
  if lines == 1 then
    while served < 1 do
      if not p:wait(0.2) and not p:is_up() then return end
    end
    p:hangup(41)
    return
  end
  p:wait_cleared(patience)
  p:hangup()
end
