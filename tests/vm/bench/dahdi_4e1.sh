# What boardd costs with 60 calls that come in on two E1s of the real driver and go out on two others: joined in the kernel, bridged in user
# space (because somebody listens for digits), recorded. The VM counts a nanosecond per instruction, so the figures are millions of
# instructions per second; ctid, the far ends and the kernel's own work outside boardd are not in them.
# limit: 200
. /vm/lib.sh
it "lines" env ECHO=none sh -c '. /vm/lib.sh; lines e1:4'
. "$CASE_DIR/lines.sh"
it "8 spans are up" within 5 spans_ok 8
run=$CASE_DIR/run
e1() { printf '[[span]]\nname = "e1-%d"\nkind = "e1"\ngroup = "%s"\ndriver = "dahdi"\ndahdi_span = %d\ndahdi_channel = %d\necho = "off"\n' "$1" "$2" "$1" "$3"; }
{
  printf '[board]\nrealtime = false\n'
  e1 1 in "$board_1"; e1 2 in "$board_2"; e1 3 out "$board_3"; e1 4 out "$board_4"
} >"$CASE_DIR/board.toml"

mkdir -p "$CASE_DIR/scripts/data" "$CASE_DIR/out"
: >"$CASE_DIR/scripts/data/business.sql"
printf 'answer()\ndial("95500", {group = "out", timeout_s = 20})\nhangup()\n' >"$CASE_DIR/scripts/dial.lua"
{
  printf '[center]\noutgoing_group = "out"\n'
  number() { printf '[[number]]\nnumber = "%s"\nbusiness = "bench"\nscript = "dial.lua"\nqueue = "none"\nrecord = "%s"\ndigits = "%s"\n' "$1" "$2" "$3"; }
  number 4006001 none script; number 4006002 none always; number 4006003 whole script
  printf '[[queue]]\nname = "none"\nagents = []\n'
} >"$CASE_DIR/scripts/center.toml"

k=1
for b in $board_1 $board_2 $board_3 $board_4; do eval "f=\$far_$k"; far net$k prifar --answer 100 --dchan $((f + 15)) --bchans $f-$((f + 14)),$((f + 16))-$((f + 30)); k=$((k + 1)); done
build/bin/boardd --profile "$CASE_DIR/board.toml" --run-dir "$run" --log-level warn >"$CASE_DIR/boardd" 2>&1 &
boardd=$!
build/bin/ctid --config "$CASE_DIR/scripts/center.toml" --run-dir "$run" --log-level warn >"$CASE_DIR/ctid" 2>&1 &
it "ctid is ready" within 10 test -S "$run/cti.sock"
for k in 1 2 3 4; do it "net$k: D channel up" await net$k '^up' 20; done
sleep 2

spent() { cat /proc/$boardd/task/*/schedstat | awk '{n += $1} END {printf "%d\n", n / 1000}'; }  # microseconds of all threads
figure() { # NAME
  sleep 2
  local before=$(spent)
  sleep 10
  echo "$(($(spent) - before))" | awk -v name="$1" '{printf "{\"name\": \"dahdi_4e1.%s\", \"value\": %.1f, \"unit\": \"million instructions/s\", \"bound\": null, \"ok\": null}\n", name, $1 / 10000}' >>"$CASE_DIR/out/figures"
}
joins() { build/bin/boardctl --socket "$run/board.sock" status --json | grep -o '"joins": *[0-9]*' | grep -o '[0-9]*$' | awk '{n += $1} END {print n + 0}'; }
calls() { # NUMBER FIGURE
  tell net1 burst 30 "$1" 13800138000
  tell net2 burst 30 "$1" 13800138000
  for k in 3 4; do
    local tries=0
    until tell net$k count; await net$k '^count .*now=30' 1 >/dev/null; do tries=$((tries + 1)); [ $tries -lt 20 ] || break; done
    it "$2: 30 calls go out on e1-$k" test $tries -lt 20
  done
  figure "$2"
}
over() {
  for s in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31; do tell net1 hangup $s 16; tell net2 hangup $s 16; done
  it "$1: all are over" within 15 sh -c "build/bin/ctictl --socket $run/cti.sock calls --json | grep -q '\"call\":'; [ \$? = 1 ]"
  sleep 1
}
figure idle
same "none is joined yet" 0 "$(joins)"
calls 4006001 kernel
same "all 120 channels are joined in the kernel" 120 "$(joins)"
over kernel
calls 4006002 user_space
over user_space
calls 4006003 recorded
same "none of the others is" 120 "$(joins)"
over recorded
same "60 recordings" 60 "$(find "$run/recordings" -name '*.wav' | wc -l)"
cat "$CASE_DIR/out/figures"
value() { sed -n "s/.*dahdi_4e1.$1\", \"value\": \([0-9]*\).*/\1/p" "$CASE_DIR/out/figures"; }
it "a call in the kernel costs less than half of one in user space" test $((($(value kernel) - $(value idle)) * 2)) -lt $(($(value user_space) - $(value idle)))
rm -f "$CASE_DIR"/*.in "$run"/*.sock
