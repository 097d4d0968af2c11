# callgen as the exchange on an E1 of a board, through the same driver: 20 calls; ctid is away, boardd answers them by itself.
# And the ways in which an open can go wrong: the message names the profile's line, the cause and the fix.
# limit: 120
. /vm/lib.sh
it "lines" lines e1:1
profile() { # FILE SPAN MORE
  cat >"$CASE_DIR/$1" <<END
[board]
realtime = false
fallback_after_s = 1

[[span]]
name = "e1-$2"
kind = "e1"
driver = "dahdi"
dahdi_span = $2
group = "city"
${3:-}
END
}
profile board.toml 1
profile far.toml 2 'side = "network"'
profile none.toml 7
refused() { # SENTENCE PROFILE WORDS: boardd does not start
  it "$1: exit 2" sh -c "build/bin/boardd --profile $CASE_DIR/$2 --run-dir $CASE_DIR/other >$CASE_DIR/refused 2>&1; [ \$? = 2 ]"
  cat "$CASE_DIR/refused"
  it "$1: named" grep -q -- "$3" "$CASE_DIR/refused"
}
refused "a span that is not there" none.toml 'none.toml:5: .*DAHDI has no span 7.*dahdi_span = one of 1'

build/bin/boardd --profile "$CASE_DIR/board.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
it "boardd is ready" within 10 grep -q ready "$CASE_DIR/boardd"
refused "a second process" board.toml 'in use by another process'

cat >"$CASE_DIR/scenario.lua" <<'END'
curve = "constant"
rate = 4
calls = 20
agents = 0
drain = 20
function caller(c)
  if not c:dial("4006001") then return end
  if not c:wait_answer(30) then mark("not answered") return end
  c:wait(3)
  c:hangup()
end
END
it "callgen runs" build/bin/callgen --profile "$CASE_DIR/far.toml" --run-dir "$CASE_DIR/far" --scenario "$CASE_DIR/scenario.lua" --seconds 20 --calls 20 --summary "$CASE_DIR/summary"
cat "$CASE_DIR/summary"
connected=$(sed -n "s/.*\"connected\":\([0-9]*\).*/\1/p" "$CASE_DIR/summary")
same "every call got through" 20 "$connected"
same "boardd was offered what callgen saw connected" "$connected" "$(grep -c offered "$CASE_DIR/boardd")"
same "and released it" "$connected" "$(grep -c released "$CASE_DIR/boardd")"
kill "$(pidof boardd)"
sleep 1

printf 'bchan=1-30\ndchan=31\nalaw=1-31\n' >"$CASE_DIR/moved.conf"
dahdi_cfg -c "$CASE_DIR/moved.conf"
refused "the D channel elsewhere" board.toml 'D channel is in timeslot 31.*dchan=16'
rm -f "$CASE_DIR"/*/*.sock
tail -n 20 "$CASE_DIR/boardd"
