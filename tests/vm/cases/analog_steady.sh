# Analog lines alone: while two of them talk through user space, the first one hangs up again and again. The kernel drops a line's buffers
# when it hangs up; who talks must not notice. The case itself is ctid.
# limit: 90
. /vm/lib.sh
it "lines" env ECHO=none sh -c '. /vm/lib.sh; lines analog:0+3'
. "$CASE_DIR/lines.sh"
{ board_head; dahdi_span city fxo 1 city 'lines = 3' 'caller_id = "none"' 'echo = "off"'; } >"$CASE_DIR/fxo.toml"
json() { echo "$found" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
command() { tell link "{\"command\":$1}"; }
far exchange linectl "$far_1-$((far_1 + 2))"
build/bin/boardd --profile "$CASE_DIR/fxo.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
far link boardlink "$CASE_DIR/run/board.sock"
tell link '{"hello":"ctid","version":1,"last":{}}'
it "the board link" await link '"snapshot"' 20
sleep 1
for k in 1 2; do
  tell exchange ring $((far_1 + k))
  it "line $((k + 1)) is offered" await link '"event":"offered"'
  eval "leg_$k=$(json leg)"
  command "\"ack\",\"epoch\":$(json epoch),\"seq\":$(json seq)"
  command "\"answer\",\"leg\":$(json leg)"
  it "and answered" await exchange "^ringoffhook line=$((far_1 + k))"
done
sleep 1
command "\"record\",\"leg\":$leg_1,\"file\":\"a.wav\",\"policy\":\"whole\""
command "\"connect\",\"a\":$leg_1,\"b\":$leg_2"
sleep 1
for k in 1 2; do tell exchange say $((far_1 + k)) prbs; done
sleep 2
out=$((1 << 52))
n=0
while [ $n -lt 8 ]; do  # at any point of a block
  n=$((n + 1))
  command "\"dial\",\"leg\":$((out + n)),\"group\":\"city\",\"calling\":\"\",\"called\":\"1\",\"tag\":{\"call\":7,\"mode\":\"connected\"}"
  await exchange "^ringoffhook line=$far_1"
  usleep $((537000 + 3000 * n))
  command "\"clear\",\"leg\":$((out + n)),\"cause\":16"
  await exchange "^onhook line=$far_1" && echo "hung up"
  tell exchange on "$far_1"
done >"$CASE_DIR/cycles"
same "line 1 hangs up 8 times" 8 "$(grep -c '^hung up' "$CASE_DIR/cycles")"
for k in 1 2; do
  tell exchange heard $((far_1 + k))
  it "line $((k + 1)) listens" await exchange "^heard line=$((far_1 + k))"
  echo "$found"
  same "line $((k + 1)): no bit wrong, no gap" "errors 0, locks 1" "errors $(field errors), locks $(field locks)"
done
build/bin/boardctl --socket "$CASE_DIR/run/board.sock" status --json >"$CASE_DIR/status"
cat "$CASE_DIR/status"
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
