# The same tests on soft spans with the whole center running: callgen loops a channel and answers what is called, ctid books nothing.
# limit: 120
. /vm/lib.sh
run=$CASE_DIR/run
cat >"$CASE_DIR/quiet.lua" <<'END'
curve = "constant"
rate = 1
calls = 0
agents = 0
drain = 1
function caller(c) end
function called(p)
  p:alert()
  p:wait(1)
  p:answer()
  p:wait_cleared(60)
end
END
boardd --profile hw-profiles/soft-show.toml --run-dir "$run" >"$CASE_DIR/boardd" 2>&1 &
it "boardd is ready" within 10 grep -q ready "$CASE_DIR/boardd"
ctid --config ivr-scripts/center.toml --run-dir "$run" >"$CASE_DIR/ctid" 2>&1 &
callgen --run-dir "$run" --scenario "$CASE_DIR/quiet.lua" --seconds 0 --loop e1-1/5 >"$CASE_DIR/callgen" 2>&1 &
b() { # EXIT ARGUMENT...
  local wanted=$1
  shift
  ends "$wanted" boardctl --socket "$run/board.sock" "$@"
}
up() { boardctl --socket "$run/board.sock" status | grep -q '^e1-1 .*D up'; }
it "the line is up" within 30 up
sleep 8
it "a looped channel passes" b 0 bert e1-1/5 --seconds 10
it "without an error" said '^e1-1/5: passed, no error in [0-9]* bits'
it "one that is not looped fails" b 4 bert e1-1/6 --seconds 3
it "a test call is answered while ctid runs" b 0 call city 95500 --talk-s 1
it "it tells how it went" said '^answered'
it "ctid is on the link all the time" sh -c "! grep -q 'ctid has gone' $CASE_DIR/boardd"
ctictl --db "$run/journal.db" books >"$CASE_DIR/said" 2>&1
same "the books balance" 0 $?
cat "$CASE_DIR/said"
it "and know of no call" sh -c "! ctictl --json --db $run/journal.db books | grep -q '\"offered\":[1-9]'"
cat "$CASE_DIR/ctid" "$CASE_DIR/callgen" | tail -n 20
rm -f "$run"/*.sock
