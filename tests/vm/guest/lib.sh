# What a case may use; it begins with `. /vm/lib.sh`. Files of a case go to $CASE_DIR, what the host shall see to $CASE_DIR/out.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u

pass() { echo "ok $CASE: $*" | tee -a "$CASE_DIR/results"; }
fail() { echo "FAILED $CASE: $*" | tee -a "$CASE_DIR/results"; }

# it SENTENCE COMMAND...: one check
it() {
  local what=$1
  shift
  if "$@"; then pass "$what"; else fail "$what"; fi
}
# same SENTENCE WANTED FOUND
same() {
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1: wanted '$2', found '$3'"; fi
}
# within SECONDS COMMAND...: tries every 100 ms of the VM's time
within() {
  local tries=$(($1 * 10))
  shift
  while [ $tries -gt 0 ]; do
    "$@" && return 0
    tries=$((tries - 1))
    usleep 100000
  done
  return 1
}

# far NAME PROGRAM ARGUMENT...: a far end that reads commands from a pipe and writes events to $CASE_DIR/NAME
far() {
  local name=$1
  shift
  mkfifo "$CASE_DIR/$name.in"
  : >"$CASE_DIR/$name"
  echo 0 >"$CASE_DIR/$name.seen"
  "$@" <>"$CASE_DIR/$name.in" >>"$CASE_DIR/$name" 2>&1 &
  eval "${name}_pid=$!"
}
tell() {
  local name=$1
  shift
  echo "$*" >"$CASE_DIR/$name.in"
}
# await NAME PATTERN [SECONDS=10]: the next event that matches; events before it are passed over
await() {
  found=$(awaitline "$CASE_DIR/$1" "$2" "${3:-10}") || { echo "$1: no '$2' within ${3:-10} s"; return 1; }
}
# field NAME: of the event that await found last
field() { echo "$found" | tr ' ' '\n' | sed -n "s/^$1=//p"; }

# lines SPEC...: cross-connected pairs of spans, the board's ends first, then the far ends in the same order.
#   e1:N   N pairs of E1       t1:N   N pairs of T1      analog:FXS+FXO[:ks|ls|gs]   one pair with FXS and FXO ports on the board
# Sets for each pair k, from 1: board_K and far_K, the first channel of either end; spans, the number of pairs.
lines() {
  lua /vm/lines.lua "$@" >/etc/dahdi/system.conf 2>"$CASE_DIR/lines.sh" || { cat "$CASE_DIR/lines.sh"; return 1; }
  . "$CASE_DIR/lines.sh"
  dahdi_cfg -c /etc/dahdi/system.conf
}
# spans_ok NUMBER: so many spans, none with an alarm
spans_ok() { [ "$(dahdi_scan | grep -c '^alarms=OK')" = "$1" ] && [ "$(dahdi_scan | grep -c '^alarms=')" = "$1" ]; }

# matches FILE PATTERN: Lua's pattern somewhere in the file
matches() { echo 'local f <close> = assert(io.open(arg[1])); os.exit(f:read("a"):find(arg[2]) ~= nil)' | lua - "$1" "$2"; }

# Parts of boardd's profile, for >"$CASE_DIR/e1.toml": the head for virtual time, and a span of the driver's with what else its lines shall say.
board_head() { printf '[board]\nrealtime = false\n'; }
dahdi_span() { # NAME KIND DAHDI_SPAN GROUP [LINE...]
  printf '[[span]]\nname = "%s"\nkind = "%s"\ndriver = "dahdi"\ndahdi_span = %d\ngroup = "%s"\n' "$1" "$2" "$3" "$4"
  shift 4
  for line; do echo "$line"; done
}

# ends STATUS COMMAND...: it ends with this status; what it said is in $CASE_DIR/said. said PATTERN: that was in it
ends() {
  local wanted=$1 status
  shift
  "$@" >"$CASE_DIR/said" 2>&1
  status=$?
  cat "$CASE_DIR/said"
  [ $status = "$wanted" ]
}
said() { grep -q -- "$1" "$CASE_DIR/said"; }
