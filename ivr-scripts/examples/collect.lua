-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
local number, why, typed = collect{min = 11, max = 11, prompts = "enter_phone", pattern = "1%d+", first_timeout_s = 8, digit_timeout_s = 4}
if number then
  call:set("phone", number)
elseif why == "invalid" then
  log("not a mobile number:", typed)
  play("wrong_key")
end
