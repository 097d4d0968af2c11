# The whole center on four E1s and 16 phones of the real driver: 120 calls at once through script, queue, agents' analog phones and recording.
# Three E1s and eight phones are callgen's; the fourth E1 is plain libpri (prifar) and the other eight phones are linectl's: what these
# say and hear is compared byte by byte. Every caller keys in his own number. dahdi_center.host judges the D-channel traces and recordings.
# limit: 120
. /vm/lib.sh
it "lines" env ECHO=none sh -c '. /vm/lib.sh; lines e1:4 analog:16+0'
. "$CASE_DIR/lines.sh"
it "10 spans are up" within 5 spans_ok 10
run=$CASE_DIR/run

e1() { # N DAHDI_SPAN GROUP MORE
  printf '[[span]]\nname = "e1-%d"\nkind = "e1"\ngroup = "%s"\ndriver = "dahdi"\ndahdi_span = %d\ndahdi_channel = %d\n%s\n' "$1" "$3" "$2" "$4" "${5:-}"
}
{
  printf '[board]\nrealtime = false\n'
  e1 1 1 city "$board_1"; e1 2 2 city "$board_2"; e1 3 3 city "$board_3"; e1 4 4 city "$board_4"
  printf '[[span]]\nname = "phones"\nkind = "fxs"\ndriver = "dahdi"\ndahdi_span = 5\ndahdi_channel = %d\nstations = "1001-1016"\n' "$board_5"
} >"$CASE_DIR/board.toml"
{
  printf '[board]\nrealtime = false\n'
  for k in 1 2 3; do eval "e1 $k $((5 + k)) exchange \$far_$k 'side = \"network\"'"; done
  printf '[[span]]\nname = "phones"\nkind = "fxo"\ngroup = "phones"\ndriver = "dahdi"\ndahdi_span = 10\ndahdi_channel = %d\nlines = 8\n' "$far_5"
} >"$CASE_DIR/far.toml"

mkdir -p "$CASE_DIR/scripts/data"
: >"$CASE_DIR/scripts/data/business.sql"
cat >"$CASE_DIR/scripts/number.lua" <<'END'
answer()
local typed, why = collect{min = 11, max = 11, prompts = "enter_phone", first_timeout_s = 8, digit_timeout_s = 4}
log(typed == call.calling and "digits right" or "digits wrong", typed, why, "from", call.calling)
queue(call.settings.queue)
END
{
  printf '[center]\nno_answer_s = 12\n'
  for n in "4006001 callgen" "4006002 prifar"; do
    printf '[[number]]\nnumber = "%s"\nbusiness = "kitchen"\nscript = "number.lua"\nqueue = "%s"\nrecord = "whole"\n' $n
  done
  printf '[[queue]]\nname = "callgen"\nagents = ["2001-2008"]\n[[queue]]\nname = "prifar"\nagents = ["2009-2016"]\n'
  for k in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16; do printf '[[agent]]\nid = "20%s"\npin = "70%s"\nwrap_up_s = 1\n' $k $k; done
} >"$CASE_DIR/scripts/center.toml"

cat >"$CASE_DIR/scenario.lua" <<'END'
curve = "constant"; rate = 15; calls = 90; agents = 8; drain = 30
function caller(c)
  local number = ("138%08d"):format(c:index())
  c:set_number(number)
  if not c:dial("4006001") then mark("refused") return end
  if not c:wait_answer(20) then mark("not answered") return end
  c:wait(1)
  c:press(number)
  if c:wait_agent(18 - elapsed() > 1 and 18 - elapsed() or 1) then c:talk(3) end
  c:hangup()
end
function agent(a)
  while true do
    local rings, why = a:wait_ring()
    if rings then
      a:wait(0.3)
      if a:answer() then a:talk(8) a:on_hook() end
    elseif why == "closing" then return end
  end
end
END

far phones linectl $((far_5 + 8))-$((far_5 + 15))
far net4 prifar --say silence --dchan $((far_4 + 15)) --bchans $far_4-$((far_4 + 14)),$((far_4 + 16))-$((far_4 + 30))
build/bin/boardd --profile "$CASE_DIR/board.toml" --run-dir "$run" >"$CASE_DIR/boardd" 2>&1 &
build/bin/ctid --config "$CASE_DIR/scripts/center.toml" --run-dir "$run" >"$CASE_DIR/ctid" 2>&1 &
ctictl() { build/bin/ctictl --socket "$run/cti.sock" --db "$run/journal.db" "$@"; }
it "ctid is ready" within 10 test -S "$run/cti.sock"
it "net4: D channel up" await net4 '^up' 20
sleep 1
for k in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16; do
  ctictl agent login "20$k" "10$k" --pin "70$k" --ready
done >"$CASE_DIR/login" 2>&1
it "16 agents are ready" sh -c "[ \$(build/bin/ctictl --socket $run/cti.sock agents --json | grep -o agentReady | wc -l) = 16 ]"

build/bin/callgen --profile "$CASE_DIR/far.toml" --run-dir "$CASE_DIR/far" --scenario "$CASE_DIR/scenario.lua" --seconds 22 --summary "$CASE_DIR/summary" --exchange-log "$CASE_DIR/exchange" >"$CASE_DIR/callgen" 2>&1 &
callgen=$!
within 10 grep -q 'callgen: calling' "$CASE_DIR/callgen"
slots="1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31"
for s in $slots; do tell net4 call $s 4006002 $((13900000000 + s)); usleep 50000; done
it "prifar: all 30 are answered" within 10 sh -c "[ \$(grep -c ^connected $CASE_DIR/net4) = 30 ]"
sleep 1
for s in $slots; do tell net4 say $s dtmf $((13900000000 + s)); done
sleep 4
for s in $slots; do tell net4 say $s prbs; done

most=0
look() { now=$(ctictl calls --json | grep -o '"call":' | wc -l); [ "$now" -le $most ] || most=$now; }
rounds=0
while [ $rounds -lt 2 ]; do  # each of linectl's phones takes a call, talks, and takes the next
  rounds=$((rounds + 1))
  look
  for p in 8 9 10 11 12 13 14 15; do await phones "^ringbegin line=$((far_5 + p))" 8 >>"$CASE_DIR/rings" && tell phones off $((far_5 + p)); done
  sleep 1
  for p in 8 9 10 11 12 13 14 15; do tell phones say $((far_5 + p)) prbs; done
  look
  sleep 2
  for p in 8 9 10 11 12 13 14 15; do tell phones say $((far_5 + p)) silence; tell phones on $((far_5 + p)); done
  sleep 1
done
echo "at most $most calls at once"
it "120 calls at once" test $most -ge 120
wait $callgen
cat "$CASE_DIR/summary"
it "callgen: 90 calls are answered" matches "$CASE_DIR/summary" '"attempts":90,.*"connected":90,.*"cleared":90,'
it "callgen: each of the 8 phones had a caller" test "$(sed -n 's/.*"with_agent":\([0-9]*\).*/\1/p' "$CASE_DIR/summary")" -ge 8
for s in $slots; do tell net4 hangup $s 16; done 2>/dev/null
it "prifar: all 30 are cleared" within 10 sh -c "[ \$(grep -c ^clear $CASE_DIR/net4) = 30 ]"
grep '^listened' "$CASE_DIR/net4"
same "no bit is wrong on 30 callers' channels" 30 "$(grep -c '^listened .* errors=0 .* late=0' "$CASE_DIR/net4")"
same "16 of them heard an agent" 16 "$(grep '^listened' "$CASE_DIR/net4" | grep -vc 'prbs=0 ')"
for p in 8 9 10 11 12 13 14 15; do
  tell phones heard $((far_5 + p))
  await phones "^heard line=$((far_5 + p))" && echo "$found"
done >"$CASE_DIR/heard"
cat "$CASE_DIR/heard"
# By two bytes that are not as foretold a listener knows that a caller has gone.
same "no bit is wrong at 8 phones" 8 "$(sed 's/.* errors=\([0-9]*\) locks=\([0-9]*\) .*/\1 \2/' "$CASE_DIR/heard" | awk '$2 > 0 && $1 <= 2 * $2' | wc -l)"
same "120 callers' numbers, each digit right" 120 "$(grep -c 'digits right' "$CASE_DIR/ctid")"
sleep 3
ctictl books >"$CASE_DIR/books"
same "the books balance" 0 $?
cat "$CASE_DIR/books"
ctictl books --json >"$CASE_DIR/books.json"
it "120 offered" matches "$CASE_DIR/books.json" '"offered":%s*120'
it "none in progress" matches "$CASE_DIR/books.json" '"in_progress":%s*0'
same "120 recordings" 120 "$(find "$run/recordings" -name '*.wav' | wc -l)"
mkdir -p "$CASE_DIR/out"
cp "$run"/*.pcap "$CASE_DIR/out/"
build/bin/boardctl --socket "$run/board.sock" status --json >"$CASE_DIR/status"
same "no overrun" 0 "$(grep -oE '"overruns": *[1-9]' "$CASE_DIR/status" | wc -l)"
rm -f "$CASE_DIR"/*.in "$run"/*.sock
tail -n 5 "$CASE_DIR/boardd"
