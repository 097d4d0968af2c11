# What boardd says when the lines are not what the profile says: the line of the profile, the cause and the fix, and exit status 2.
. /vm/lib.sh
it "lines" lines e1:1
profile() { # FILE SPAN MORE
  printf '[board]\nrealtime = false\n\n[[span]]\nname = "e1-%d"\nkind = "e1"\ndriver = "dahdi"\ndahdi_span = %d\ngroup = "city"\n%s\n' "$2" "$2" "${3:-}" >"$CASE_DIR/$1"
}
profile board.toml 1
profile far.toml 2 'side = "user"'
profile none.toml 7
refused() { # SENTENCE PROFILE WORDS
  timeout 10 build/bin/boardd --profile "$CASE_DIR/$2" --run-dir "$CASE_DIR/other" >"$CASE_DIR/refused" 2>&1
  same "$1: exit 2" 2 $?
  cat "$CASE_DIR/refused"
  it "$1: line, cause and fix" grep -q -- "$2:4: .*$3" "$CASE_DIR/refused"
}
layout() { # BCHANS DCHAN MORE: of the board's span
  printf 'bchan=%s\ndchan=%s\nalaw=1-31\n%s\n' "$1" "$2" "${3:-}" >"$CASE_DIR/layout.conf"
  dahdi_cfg -c "$CASE_DIR/layout.conf"
}
refused "a span that is not there" none.toml 'DAHDI has no span 7 (write dahdi_span = one of 1'
layout 1-30 31
refused "the D channel in another timeslot" board.toml 'the D channel is in timeslot 31 .*(write dchan=16 into /etc/dahdi/system.conf'
layout 1-4,6-15,17-31 16 'e&m=5'
refused "another signalling" board.toml 'timeslot 5 (DAHDI channel 5) is e&m.*, not bchan (write bchan=5 into /etc/dahdi/system.conf'
layout 1-15,17-31 16
profile mulaw.toml 1 'law = "mulaw"'
refused "another law" mulaw.toml 'is set to A-law, the profile says the other (write mulaw=1 into'

build/bin/boardd --profile "$CASE_DIR/board.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
it "boardd is ready" within 10 grep -q ready "$CASE_DIR/boardd"
refused "a second process" board.toml 'DAHDI channel 1 is in use by another process (end it'
build/bin/boardd --profile "$CASE_DIR/far.toml" --run-dir "$CASE_DIR/far" >"$CASE_DIR/far.log" 2>&1 &
it "both sides are the user" within 20 grep -q 'board.toml:[0-9]*: span e1-1: both ends .*write side = "network"' "$CASE_DIR/boardd"
tail -n 3 "$CASE_DIR/boardd"
kill $(pidof boardd)
sleep 1

mkdir -m 777 "$CASE_DIR/nobody"
chmod 755 "$CASE_DIR" "$CASE_DIR/board.toml"
cat >"$CASE_DIR/nobody.sh" <<END
cd /srv && timeout 10 build/bin/boardd --profile $CASE_DIR/board.toml --run-dir $CASE_DIR/nobody
END
chmod 755 "$CASE_DIR/nobody.sh" /root 2>/dev/null
chmod 700 /dev/dahdi
su -s /bin/sh nobody -c "sh $CASE_DIR/nobody.sh" >"$CASE_DIR/refused" 2>&1
same "without permission: exit 2" 2 $?
cat "$CASE_DIR/refused"
it "without permission: line, cause and fix" grep -q 'board.toml:4: .*/dev/dahdi may not be opened: Permission denied (put boardd.s user into the group dahdi' "$CASE_DIR/refused"
chmod 755 /dev/dahdi

# The module itself: taken out, asked, and loaded again for the cases after this one.
spanctl clear
for module in dahdi_echocan_mg2 dahdi_echocan_kb1 dahdi_dynamic_loc dahdi_dynamic dahdi; do rmmod $module; done
it "the module is not loaded" test ! -e /dev/dahdi/ctl
refused "no module" board.toml 'there is no /dev/dahdi: the kernel module dahdi is not loaded (modprobe dahdi'
modprobe dahdi auto_assign_spans=1
modprobe -a dahdi_dynamic dahdi_dynamic_loc dahdi_echocan_mg2 dahdi_echocan_kb1
it "it is loaded again" within 5 test -e /dev/dahdi/ctl
