# Loop and ground start: boardd on phones and an exchange's line; the case itself is ctid, linectl the phone and the exchange. A call comes in and
# is connected to the phone, another goes out.
# limit: 90
. /vm/lib.sh
json() { echo "$found" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
second=$((1 << 52))
command() { tell "link_$start" "{\"command\":$1}"; }
event() { await "link_$start" "\"event\":\"$1\"$2"; }
for start in ls gs; do
  word=loop
  [ $start = gs ] && word=ground
  it "$start: lines" env ECHO=none sh -c '. /vm/lib.sh; lines analog:1+1:$0' $start
  phone=3 exchange=4
  cat >"$CASE_DIR/$start.toml" <<END
[board]
realtime = false
socket = "$start.sock"
[[span]]
name = "phones"
kind = "fxs"
driver = "dahdi"
dahdi_span = 1
stations = "1001"
start = "$word"
[[span]]
name = "city"
kind = "fxo"
driver = "dahdi"
dahdi_span = 1
lines = 1
group = "city"
start = "$word"
END
  far far_$start linectl $phone $exchange
  it "$start: the exchange is an exchange" await far_$start "^open line=$exchange plays=exchange"
  far boardd_$start build/bin/boardd --profile "$CASE_DIR/$start.toml" --run-dir "$CASE_DIR/run"
  far link_$start boardlink "$CASE_DIR/run/$start.sock"
  tell link_$start '{"hello":"ctid","version":1,"last":{}}'
  it "$start: the board link" await link_$start '"snapshot"' 20
  sleep 1

  tell far_$start ring $exchange fsk 13800138000
  it "$start: offered with its number" event offered '.*"calling":"13800138000"'
  first=$(json leg)
  command "\"ack\",\"epoch\":$(json epoch),\"seq\":$(json seq)"
  command "\"answer\",\"leg\":$first"
  it "$start: the exchange sees the answer" await far_$start "^ringoffhook line=$exchange"
  second=$((second + 1))
  command "\"ring\",\"leg\":$second,\"station\":\"1001\",\"calling\":\"13800138000\",\"name\":\"\",\"tag\":{\"call\":1,\"mode\":\"connected\"}"
  it "$start: the phone rings" await far_$start "^ringbegin line=$phone"
  sleep 3
  tell far_$start off $phone
  it "$start: it answers" event answered ".*\"leg\":$second"
  command "\"connect\",\"a\":$first,\"b\":$second"
  tell far_$start say $phone prbs
  tell far_$start say $exchange prbs
  sleep 3
  for line in $phone $exchange; do
    tell far_$start heard $line
    it "$start: line $line listens" await far_$start "^heard line=$line"
    same "$start: no bit wrong at line $line" 0 "$(field errors)"
    it "$start: 2 s of pattern at line $line" test "$(field prbs)" -gt 16000
    [ $line = $exchange ] || same "$start: the number on the phone's display" 13800138000 "$(field caller)"
    tell far_$start say $line silence
  done
  tell far_$start flash $phone
  it "$start: hook-flash" event flashed ".*\"leg\":$second"
  sleep 1
  tell far_$start on $phone
  it "$start: the phone hangs up" event released ".*\"leg\":$second,\"cause\":16,\"by_far\":true"
  if [ $start = gs ]; then
    tell far_$start on $exchange
    it "$start: the exchange opens the loop" event released ".*\"leg\":$first,.*\"battery_drop\""
  else
    command "\"clear\",\"leg\":$first,\"cause\":16"
    it "$start: the exchange sees the end" await far_$start "^onhook line=$exchange"
    tell far_$start on $exchange
  fi
  sleep 2

  second=$((second + 1))
  command "\"dial\",\"leg\":$second,\"group\":\"city\",\"calling\":\"\",\"called\":\"10086\",\"tag\":{\"call\":2,\"mode\":\"connected\"}"
  it "$start: the exchange is seized" await far_$start "^ringoffhook line=$exchange"
  sleep 6
  tell far_$start heard $exchange
  it "$start: the exchange listens" await far_$start "^heard line=$exchange"
  same "$start: the digits" 10086 "$(field digits)"
  command "\"clear\",\"leg\":$second,\"cause\":16"
  it "$start: and sees the end" await far_$start "^onhook line=$exchange"
  eval "kill \$far_${start}_pid \$link_${start}_pid \$boardd_${start}_pid"
  sleep 1
done
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
