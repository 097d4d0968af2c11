# What goes wrong with a line while it carries calls, through boardd and ctid: the far side is destroyed and made again, the D channel is silent
# for 30 s (what is connected stays, what only rings is cleared), boardd does not get to read for 3 s, the span is pulled out. After each a new call gets through, and at the end the books balance.
# limit: 180
. /vm/lib.sh
run=$CASE_DIR/run
it "lines" lines e1:1
it "2 spans are up" within 5 spans_ok 2
{ board_head; dahdi_span e1-1 e1 1 city; } >"$CASE_DIR/e1.toml"
mkdir -p "$CASE_DIR/scripts/data"
: >"$CASE_DIR/scripts/data/business.sql"
printf 'answer()\nqueue("orders")\n' >"$CASE_DIR/scripts/wait.lua"
printf 'answer()\ndial("95500", {timeout_s = 100})\nqueue("orders")\n' >"$CASE_DIR/scripts/dial.lua"
cat >"$CASE_DIR/scripts/center.toml" <<'END'
[center]
outgoing_group = "city"
[[number]]
number = "4006002"
business = "kitchen"
script = "dial.lua"
queue = "orders"
[[number]]
number = "4006001"
business = "kitchen"
script = "wait.lua"
queue = "orders"
[[queue]]
name = "orders"
agents = ["2001"]
timeout_s = 170
[[agent]]
id = "2001"
pin = "7001"
END
build/bin/boardd --profile "$CASE_DIR/e1.toml" --run-dir "$run" >"$CASE_DIR/boardd" 2>&1 &
boardd=$!
build/bin/ctid --config "$CASE_DIR/scripts/center.toml" --run-dir "$run" >"$CASE_DIR/ctid" 2>&1 &
it "ctid is ready" within 10 test -S "$run/cti.sock"
ctictl() { build/bin/ctictl --socket "$run/cti.sock" --db "$run/journal.db" "$@"; }
up() { ctictl calls --json | grep -o '"call":' | wc -l; }
calls_are() { within "$2" sh -c "[ \$(build/bin/ctictl --socket $run/cti.sock calls --json | grep -o '\"call\":' | wc -l) = $1 ]"; }
exchange() { far "$1" prifar --say silence --dchan $((far_1 + 15)) --bchans $far_1-$((far_1 + 14)),$((far_1 + 16))-$((far_1 + 30)); }
calls() { # NAME: 5 calls in slots 1 to 5
  await "$1" '^up' 30
  sleep 2
  for s in 1 2 3 4 5; do tell "$1" call $s 4006001 1380000000$s; done
  for s in 1 2 3 4 5; do await "$1" '^connected' 8 || return 1; done
}
counter() { build/bin/boardctl --socket "$run/board.sock" status --json | grep -o "\"$1\": *[0-9]*" | grep -o '[0-9]*$' | head -n 1; }

exchange one
it "five calls wait" calls one
calls_are 5 5
kill "$one_pid"
it "the far side is destroyed" within 3 spanctl destroy 1:1
it "RED is told" within 3 sh -c "build/bin/boardctl --socket $run/board.sock status --json | grep -q '\"red\"'"
it "its calls are cleared" calls_are 0 8
spanctl create 1:1 31
printf 'bchan=%d-%d,%d-%d\ndchan=%d\nalaw=%d-%d\n' $far_1 $((far_1 + 14)) $((far_1 + 16)) $((far_1 + 30)) $((far_1 + 15)) $far_1 $((far_1 + 30)) >"$CASE_DIR/far.conf"
dahdi_cfg -c "$CASE_DIR/far.conf"

exchange two
it "after it five calls get through" calls two
tell two call 6 4006002 13800000006
it "a sixth is through" await two '^connected slot=6' 8
it "and is put through to a number that rings" await two '^ring slot=' 8
tell two alert "$(field slot)"
sleep 1
same "six calls come in, one goes out" 7 "$(up)"
tell two mute 30000
it "the D channel is seen down" within 25 sh -c "[ \$(grep -c 'D channel down' $CASE_DIR/boardd) -ge 2 ]"
sleep 17
same "after 30 s of silence the calls are up, and the one that was not yet answered is not" 6 "$(up)"
it "and the D channel comes back" within 15 sh -c "[ \$(grep -c 'D channel up' $CASE_DIR/boardd) -ge 3 ]"
same "with its calls" 6 "$(up)"
tell two hangup 6 16

kill -STOP $boardd
sleep 3
kill -CONT $boardd
sleep 2
same "boardd did not read for 3 s: the calls are up" 5 "$(up)"
overruns=$(counter overruns)
it "and the blocks that were lost are counted ($overruns)" test "${overruns:-0}" -gt 0

device=$(readlink -f /sys/bus/dahdi_spans/devices/span-1/..)
echo 1 >"$device/unassign_span"
it "the span is pulled out: its calls are cleared" calls_are 0 10
it "boardd lives" kill -0 $boardd
kill "$two_pid"
echo 1 >"$device/auto_assign"
printf 'bchan=1-15,17-31\ndchan=16\nalaw=1-31\n' >"$CASE_DIR/again.conf"
dahdi_cfg -c "$CASE_DIR/again.conf"
it "it is opened again" within 40 sh -c "[ \$(grep -c 'DAHDI span 1 is open' $CASE_DIR/boardd) -ge 2 ]"
exchange three
it "after it five calls get through" calls three
for s in 1 2 3 4 5; do tell three hangup $s 16; done
it "and end" calls_are 0 10
sleep 1
ctictl books | tee "$CASE_DIR/books"
it "the books balance" ctictl books
ctictl books --json >"$CASE_DIR/books.json"
it "16 calls are in them" matches "$CASE_DIR/books.json" '"offered":%s*16'
it "and the one that went out" matches "$CASE_DIR/books.json" '"attempts":%s*1,'
it "none in progress" matches "$CASE_DIR/books.json" '"in_progress":%s*0'
tail -n 40 "$CASE_DIR/boardd"
rm -f "$CASE_DIR"/*.in "$run"/*.sock
