-- Waiting with the offer to be called back: with a key the caller leaves the line, confirms his number or types another, and hangs up; his
-- place waits for him. Whoever says no goes back to his place. The offer itself is spoken by [queue.announce] (offer) in center.toml.
-- SPDX-License-Identifier: GPL-2.0-or-later
local callback = {}

local function confirmed(number)
  for _ = 1, 3 do
    if number == "" then
      number = collect{min = 5, max = 15, prompts = "enter_phone", first_timeout_s = 8, digit_timeout_s = 4} or ""
    end
    if number ~= "" then
      local key = play({"callback_number", say.digits(number), "callback_confirm"}, {barge_in = true}) or collect{max = 1, first_timeout_s = 5}
      if key == "1" then return number end
      if key ~= "2" then return nil end
      number = ""
    end
  end
end

-- As queue(), but does not come back when the place is kept.
function callback.queue(name, options)
  options.callback_key = "1"
  while true do
    local result = queue(name, options)
    if result ~= "callback" then return result end
    local number = confirmed(call.calling)
    if number then
      local kept, why = keep_place(number)
      if kept then
        play("callback_noted")
        hangup()
      end
      log("no place kept:", why)
      play("refused")
    end
  end
end

return callback
