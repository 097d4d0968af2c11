answer()
local result = queue("orders", {callback_key = "1"})
if result == "callback" then
  if call.calling ~= "" and keep_place(call.calling) then
    play("callback_noted")
    hangup()
  end
  result = queue("orders")  -- back to his place
end
