# status and trace of a DAHDI span: the timeslots while a call is up, an alarm that comes and goes; the trace is left for tshark.
# limit: 120
. /vm/lib.sh
it "lines" lines e1:1
{ board_head; dahdi_span e1-1 e1 1 city; } >"$CASE_DIR/e1.toml"
far net prifar --answer 300 --dchan $((far_1 + 15)) --bchans $far_1-$((far_1 + 14)),$((far_1 + 16))-$((far_1 + 30))
build/bin/boardd --profile "$CASE_DIR/e1.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
it "boardd is ready" within 10 grep -q ready "$CASE_DIR/boardd"
b() { boardctl --socket "$CASE_DIR/run/board.sock" "$@"; }
mkdir -p "$CASE_DIR/out"
b trace e1-1 -o "$CASE_DIR/out/e1-1.pcap" &
tracer=$!
it "the D channel comes up" await net '^up' 20
sleep 8
status() { b status >"$CASE_DIR/said"; cat "$CASE_DIR/said"; }
has() { status && grep -q -- "$1" "$CASE_DIR/said"; }
it "idle: in service, D up, 31 timeslots as a line" has '^e1-1 e1 group city  in service  D up  0 of 30 in use'
it "D in timeslot 16" grep -q '    1    \.\{15\}D\.\{15\}' "$CASE_DIR/said"
it "the counters of the driver" grep -q 'overruns=0' "$CASE_DIR/said"
b call city 95500 --talk-s 6 >"$CASE_DIR/call" &
it "a call is up in the highest timeslot" within 5 has '    1    \.\{15\}D\.\{14\}C'
it "in JSON too" sh -c "boardctl --socket $CASE_DIR/run/board.sock status --json | grep -q '\"channel\":31'"
it "its end is told" within 15 grep -q released "$CASE_DIR/call"
kill "$net_pid"
it "the cable can be pulled" within 3 spanctl destroy 1:1
it "RED is shown" within 5 has '  alarms  .*red'
it "out of service" within 20 has 'OUT OF SERVICE'
spanctl create 1:1 31
it "RED is over" within 10 sh -c "! boardctl --socket $CASE_DIR/run/board.sock status | grep -q '  alarms  .*red'"
kill $tracer
wait $tracer
it "the trace is a file" test -s "$CASE_DIR/out/e1-1.pcap"
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
