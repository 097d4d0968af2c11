# Bit errors, levels, loops and test calls on spans of the real driver: boardd has both ends of a crossed E1 and T1, ctid is there and is told
# of nothing. The maintenance of these spans is ENOSYS, so a loop of the whole span is boardd's own.
# limit: 120
. /vm/lib.sh
it "lines" lines e1:1 t1:1
{
  board_head
  dahdi_span near e1 1 out; dahdi_span far e1 3 exchange 'side = "network"'
  dahdi_span near-t1 t1 2 out-t1 'switch_type = "ni2"'; dahdi_span far-t1 t1 4 exchange-t1 'switch_type = "ni2"' 'side = "network"'
} >"$CASE_DIR/e1.toml"
build/bin/boardd --profile "$CASE_DIR/e1.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
it "boardd is ready" within 10 grep -q ready "$CASE_DIR/boardd"
far link boardlink "$CASE_DIR/run/board.sock"
tell link '{"hello":"ctid","version":1,"last":{}}'
it "ctid is on the link" await link '"snapshot"' 20
sleep 12
b() { # EXIT ARGUMENT...
  local wanted=$1
  shift
  ends "$wanted" boardctl --socket "$CASE_DIR/run/board.sock" "$@"
}

it "without a loop the test fails" b 4 bert near/5 --seconds 3
it "and says what is missing" said 'nothing comes back'
it "a channel is looped at the far end" b 0 loopback far/5 on
it "over it the test passes" b 0 bert near/5 --seconds 5
it "without an error" said '^near/5: passed, no error in [0-9]* bits'
it "the looped channel is shown" sh -c "boardctl --socket $CASE_DIR/run/board.sock status | grep -A1 '^far' | grep -q '    1    ....T'"
it "the loop ends" b 0 loopback far/5 off
it "a channel of a T1 is looped" b 0 loopback far-t1/5 on
it "mu-law: the test passes there" b 0 bert near-t1/5 --seconds 5
it "without an error, too" said '^near-t1/5: passed, no error in [0-9]* bits'
it "that loop ends" b 0 loopback far-t1/5 off
it "the whole span is looped" b 0 loopback far on
it "30 channels pass" b 0 bert near --seconds 4 --json
it "all of them" said '"passed":true'
it "the loop ends" b 0 loopback far off
it "the log says why the board did not do it" grep -q 'no maintenance' "$CASE_DIR/boardd"

b 0 call near/31 95500 --talk-s 6 &
caller=$!
it "a test call goes out, and ctid is offered what comes in" await link '"event":"offered".*"called":"95500"' 10
leg=$(echo "$found" | sed -n 's/.*"leg":\([0-9]*\).*/\1/p')
tell link "{\"command\":\"ack\",\"epoch\":$(echo "$found" | sed -n 's/.*"epoch":\([0-9]*\).*/\1/p'),\"seq\":$(echo "$found" | sed -n 's/.*"seq":\([0-9]*\).*/\1/p')}"
tell link "{\"command\":\"answer\",\"leg\":$leg}"
it "it is up" await link "\"event\":\"answered\".*\"leg\":$leg"
tell link "{\"command\":\"tone\",\"leg\":$leg,\"tone\":\"f=800\"}"
sleep 1
boardctl --socket "$CASE_DIR/run/board.sock" level near/31 --seconds 1 >"$CASE_DIR/level" 2>&1
cat "$CASE_DIR/level"
it "the meter hears 800 Hz at -10 dBm0" grep -q 'heard  *-\(9\.[5-9]\|10\.[0-5]\) dBm0' "$CASE_DIR/level"
it "the call ends by itself" await link "\"event\":\"released\".*\"leg\":$leg" 20
it "ctid was not told of the outgoing leg" sh -c "! grep -q '\"event\":\"seized\"' $CASE_DIR/link"
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
