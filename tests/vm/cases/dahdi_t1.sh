# boardd on a T1 of the real driver: NI2, mu-law, the D channel in timeslot 24. A call comes in, another goes out, they are connected: digits
# both ways, and boardd hears and says digits itself. The far end is plain libpri; the case itself is ctid. dahdi_t1.host reads the trace.
. /vm/lib.sh
it "lines" lines t1:1
it "2 spans are up" within 5 spans_ok 2
cat >"$CASE_DIR/t1.toml" <<END
[board]
realtime = false
tone_zone = "us"
[[span]]
name = "t1-1"
kind = "t1"
driver = "dahdi"
dahdi_span = 1
group = "city"
switch_type = "ni2"
END
far net prifar --law u --switch ni2 --answer 300 --say silence --dchan $((far_1 + 23)) --bchans $far_1-$((far_1 + 22))
build/bin/boardd --profile "$CASE_DIR/t1.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
far link boardlink "$CASE_DIR/run/board.sock"
tell link '{"hello":"ctid","version":1,"last":{}}'
it "the board link" await link '"snapshot"' 20
it "D channel up at the far end" await net '^up' 20
it "and at ours" within 10 grep -q 'D channel up' "$CASE_DIR/boardd"
sleep 3

json() { echo "$found" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
second=$(((1 << 52) + 1))
tell net call 3 4006001 2125550100
it "offered" await link '"event":"offered".*"span":"t1-1","channel":3,'
first=$(json leg)
tell link "{\"command\":\"ack\",\"epoch\":$(json epoch),\"seq\":$(json seq)}"
tell link "{\"command\":\"answer\",\"leg\":$first}"
it "the caller is through" await net '^connected slot=3'
tell link "{\"command\":\"detect\",\"leg\":$first,\"dtmf\":true,\"activity\":false}"
tell net say 3 dtmf 159D
for d in 1 5 9 D; do it "boardd hears $d" await link "\"event\":\"digit\".*\"digit\":\"$d\""; done
tell link "{\"command\":\"send_dtmf\",\"leg\":$first,\"digits\":\"0123456789*#\"}"
sleep 3
tell net heard 3
it "the caller listens" await net '^heard slot=3'
same "the caller hears what boardd says" '0123456789*#' "$(field digits)"

tell link "{\"command\":\"dial\",\"leg\":$second,\"group\":\"city\",\"calling\":\"2125550100\",\"called\":\"2125550199\",\"tag\":{\"call\":1,\"mode\":\"connected\"}}"
it "a call goes out" await net '^ring slot=[0-9]* number=2125550199 caller=2125550100'
out=$(field slot)
same "in timeslot 23, next to the D channel" 23 "$out"
tell net answer "$out"  # NI2 has no Sending Complete, by which the far end would know the number whole
it "and is answered" await link "\"event\":\"answered\".*\"leg\":$second"
tell link "{\"command\":\"detect\",\"leg\":$first,\"dtmf\":false,\"activity\":false}"
tell link "{\"command\":\"connect\",\"a\":$first,\"b\":$second}"
sleep 1
tell net say 3 dtmf 4711
tell net say "$out" dtmf 0815
sleep 3
tell net heard 3
it "the caller listens" await net '^heard slot=3'
same "the caller hears the called party" '0123456789*#0815' "$(field digits)"
tell net heard "$out"
it "the called party listens" await net "^heard slot=$out"
same "the called party hears the caller" 4711 "$(field digits)"
tell net hangup 3 16
it "the caller has gone" await link "\"event\":\"released\".*\"leg\":$first,"
tell link "{\"command\":\"clear\",\"leg\":$second,\"cause\":16}"
it "the called party is cleared" await net "^clear slot=$out cause=16"
mkdir -p "$CASE_DIR/out"
cp "$CASE_DIR"/run/*.pcap "$CASE_DIR/out/"
tail -n 20 "$CASE_DIR/boardd"
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
