# boardd on two E1s of the real driver: a call comes in on one, goes out on the other, and what either side says is heard bit for
# bit. The far ends are plain libpri; the case itself is ctid. Then a cable is pulled for 1 s and for 5 s.
# limit: 120
. /vm/lib.sh
it "lines" lines e1:2
it "4 spans are up" within 5 spans_ok 4
{ board_head; dahdi_span e1-1 e1 1 in 'echo = "off"'; dahdi_span e1-2 e1 2 out 'echo = "off"'; } >"$CASE_DIR/e1.toml"
far net1 prifar --dchan $((far_1 + 15)) --bchans $far_1-$((far_1 + 14)),$((far_1 + 16))-$((far_1 + 30))
far net2 prifar --answer 300 --dchan $((far_2 + 15)) --bchans $far_2-$((far_2 + 14)),$((far_2 + 16))-$((far_2 + 30))
build/bin/boardd --profile "$CASE_DIR/e1.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
far link boardlink "$CASE_DIR/run/board.sock"
tell link '{"hello":"ctid","version":1,"last":{}}'
it "the board link" await link '"snapshot"' 20
it "e1-1: D channel up" await net1 '^up' 20
it "e1-2: D channel up" await net2 '^up' 20
sleep 8

json() { echo "$found" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
second=$((1 << 52))
bridged() {  # SLOT: a call from net1 to net2
  tell net1 call "$1" 4006001 13800138000
  it "offered" await link '"event":"offered"' || return
  first=$(json leg)
  epoch=$(json epoch)
  second=$((second + 1))
  tell link "{\"command\":\"ack\",\"epoch\":$epoch,\"seq\":$(json seq)}"
  tell link "{\"command\":\"answer\",\"leg\":$first}"
  tell link "{\"command\":\"dial\",\"leg\":$second,\"group\":\"out\",\"calling\":\"13800138000\",\"called\":\"95500\",\"tag\":{\"call\":1,\"mode\":\"connected\"}}"
  it "net2 is called" await net2 '^ring slot='
  out_slot=$(field slot)
  it "the caller is through" await net1 "^connected slot=$1"
  it "the other end answers" await link "\"event\":\"answered\".*\"leg\":$second"
  tell link "{\"command\":\"connect\",\"a\":$first,\"b\":$second}"
}

bridged 3
sleep 5
tell net1 heard 3
tell net2 heard "$out_slot"
it "net1 listens" await net1 '^heard slot=3'
echo "net1 $found"
same "net1: no bit wrong" 0 "$(field errors)"
it "net1: at least 4 s in order" test "$(field prbs)" -gt 32000
it "net2 listens" await net2 '^heard'
echo "net2 $found"
same "net2: no bit wrong" 0 "$(field errors)"
it "net2: at least 4 s in order" test "$(field prbs)" -gt 32000

# Nobody needs its samples: the kernel has joined the two. A recording brings them here, its end gives them back; each time the delay changes
# and the pattern goes on after the three bytes or so that show it; a gap loses it.
joins() { build/bin/boardctl --socket "$CASE_DIR/run/board.sock" status --json | grep -o '"joins": *[0-9]*' | grep -o '[0-9]*$' | awk '{n += $1} END {print n + 0}'; }
same "both are joined in the kernel" 2 "$(joins)"
tell link "{\"command\":\"record\",\"leg\":$first,\"file\":\"a.wav\",\"policy\":\"whole\"}"
sleep 3
tell link "{\"command\":\"stop_record\",\"leg\":$first}"
sleep 3
same "and again after a recording" 4 "$(joins)"
it "3 s are recorded" test "$(find "$CASE_DIR/run" -name a.wav -exec stat -c %s {} \;)" -gt 44000
tell net1 heard 3
it "net1 listens on" await net1 '^heard slot=3'
echo "net1 $found"
build/bin/boardctl --socket "$CASE_DIR/run/board.sock" status --json | grep -o '"counters":{[^}]*}'
it "net1: two changes of delay and no gap" test "$(field locks)" = 1 -a "$(field errors)" -le 40
it "net1: 9 s in order" test "$(field prbs)" -gt 80000

# A short break costs no call; a long one ends it. (A far span that somebody has open cannot be destroyed.)
kill "$net2_pid"
within 3 spanctl destroy 2:1
it "RED is told" await link '"alarm":"red","raised":true' 5
sleep 1
spanctl create 2:1 31
it "RED is over" await link '"alarm":"red","raised":false' 10
it "the call outlived a break of 1 s" sh -c "! grep -q '\"released\"' $CASE_DIR/link"

kill "$net1_pid"
within 3 spanctl destroy 1:1
it "RED again" await link '"alarm":"red","raised":true' 5
it "its call is cleared after alarm_clear_calls_ms" await link "\"event\":\"released\".*\"leg\":$first," 6

# Pulled out of the machine, and put back.
device=$(readlink -f /sys/bus/dahdi_spans/devices/span-2/..)
echo 1 >"$device/unassign_span"
it "a span that is pulled out is RED" await link '"span":"e1-2","alarm":"red","raised":true' 5
it "boardd lives" kill -0 "$(pidof boardd)"
echo 1 >"$device/auto_assign"
printf 'bchan=32-46,48-62\ndchan=47\nalaw=32-62\n' >"$CASE_DIR/again.conf"
dahdi_cfg -c "$CASE_DIR/again.conf"
it "it is opened again" within 40 sh -c "[ \$(grep -c 'DAHDI span 2 is open' $CASE_DIR/boardd) = 2 ]"
it "and its alarm is over" await link '"span":"e1-2","alarm":"red","raised":false' 40
tail -n 30 "$CASE_DIR/boardd"
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
