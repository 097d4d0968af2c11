-- lines.lua SPEC...: prints DAHDI's system.conf for cross-connected spans, and on stderr the first channels as shell variables.
-- SPDX-License-Identifier: GPL-2.0-or-later
local zone = os.getenv("ZONE") or "cn"
local echo = os.getenv("ECHO") or "mg2"

local function e1() return {size = 31, law = "alaw", signalling = function(first)
  return {("bchan=%d-%d,%d-%d"):format(first, first + 14, first + 16, first + 30), ("dchan=%d"):format(first + 15)},
         ("%d-%d,%d-%d"):format(first, first + 14, first + 16, first + 30)
end} end

local function t1() return {size = 24, law = "mulaw", signalling = function(first)
  return {("bchan=%d-%d"):format(first, first + 22), ("dchan=%d"):format(first + 23)}, ("%d-%d"):format(first, first + 22)
end} end

-- A port is signalled with its opposite: the board's FXS ports with FXO signalling.
local function analog(fxs, fxo, start)
  return {size = fxs + fxo, law = os.getenv("ANALOG_LAW") or "alaw", signalling = function(first, far)
    local out = {}
    local function range(from, n, sig) if n > 0 then out[#out + 1] = ("%s%s=%d-%d"):format(sig, start, from, from + n - 1) end end
    range(first, fxs, far and "fxs" or "fxo")
    range(first + fxs, fxo, far and "fxo" or "fxs")
    return out, ("%d-%d"):format(first, first + fxs + fxo - 1)
  end}
end

local pairs_wanted = {}
for _, spec in ipairs(arg) do
  local n = spec:match("^e1:(%d+)$")
  for _ = 1, tonumber(n or 0) do pairs_wanted[#pairs_wanted + 1] = e1() end
  local t = spec:match("^t1:(%d+)$")
  for _ = 1, tonumber(t or 0) do pairs_wanted[#pairs_wanted + 1] = t1() end
  local fxs, fxo, start = spec:match("^analog:(%d+)%+(%d+):?(%a*)$")
  if fxs then pairs_wanted[#pairs_wanted + 1] = analog(math.tointeger(fxs), math.tointeger(fxo), start == "" and "ks" or start) end
  if not (n or t or fxs) then io.stderr:write("lines: '", spec, "' is none of e1:N, t1:N, analog:FXS+FXO[:ks|ls|gs]\n") os.exit(1) end
end

local spans, channels, vars = {}, {}, {"spans=" .. #pairs_wanted}
local next_channel = 1
for side = 0, 1 do
  for k, p in ipairs(pairs_wanted) do
    spans[#spans + 1] = ("dynamic=loc,%x:%d,%d,0"):format(k, side, p.size)
    channels[#channels + 1] = ("%s=%d-%d"):format(p.law, next_channel, next_channel + p.size - 1)
    local signalling, audio = p.signalling(next_channel, side == 1)
    for _, line in ipairs(signalling) do channels[#channels + 1] = line end
    if side == 0 and echo ~= "none" then channels[#channels + 1] = ("echocanceller=%s,%s"):format(echo, audio) end
    vars[#vars + 1] = ("%s_%d=%d"):format(side == 0 and "board" or "far", k, next_channel)
    next_channel = next_channel + p.size
  end
end
print(table.concat(spans, "\n"))
print(table.concat(channels, "\n"))
print("loadzone=" .. zone)
print("defaultzone=" .. zone)
io.stderr:write(table.concat(vars, "\n"), "\n")
