# docs/INSTALL.md as a new technician follows it: every command of it that the VM can run, in its order, on an E1 of the real driver with a
# plain libpri exchange at the other end. What ran is left for boardctl_install.host, which compares it with the document.
# limit: 180
. /vm/lib.sh
mkdir -p "$CASE_DIR/out"
cd "$CASE_DIR" || exit
ln -s /srv/hw-profiles /srv/ivr-scripts /srv/build .
run() { # EXIT COMMAND...: as it stands in the document
  local wanted=$1
  shift
  echo "$*" >>"$CASE_DIR/out/commands"
  ends "$wanted" "$@"
}
stays() { # COMMAND...: in a terminal of its own
  echo "$*" >>"$CASE_DIR/out/commands"
  "$@" >"$CASE_DIR/$1.log" 2>&1 &
}

spanctl create 9:1 31
printf 'bchan=1-15,17-31\ndchan=16\nalaw=1-31\n' >far.conf
it "the exchange's end" dahdi_cfg -c far.conf
it "3: detect" run 0 boardctl detect
it "4: the profile" run 0 cp hw-profiles/te12x-cn.toml board.toml
# (timing = 0: two dynamic spans that clock each other stumble.) The board of this machine is DAHDI's dynamic driver; the exchange's end is span 1 here.
sed -i -e 's/"wcte12xp"/"dahdi_dynamic_loc"\nrealtime = false/' -e 's/^dahdi_span = 1/dahdi_span = 2\ndahdi_channel = 32\ntiming = 0\ndynamic = "loc,9:0"/' board.toml
it "4: dry run" run 0 boardctl apply board.toml --dry-run
it "it shows what would come" said '^+bchan=32-46,48-62'
it "4: apply" run 0 boardctl apply board.toml
it "the span is up" said '^e1-1: up'
far net prifar --answer 1500 --dchan 16 --bchans 1-15,17-31
it "5: boardd" stays boardd --profile board.toml
it "it is ready" within 10 grep -q ready boardd.log
it "the exchange sees the D channel" await net '^up' 20
sleep 8
it "5: the doctor" run 0 boardctl doctor --profile board.toml
it "its D channel passes" said '^D channel  *passed'
it "5: status" run 0 boardctl status
it "in service" said '^e1-1 e1 group city  in service  D up'
it "5: the bit error test says that nothing is looped" run 4 boardctl bert e1-1/5 --seconds 5
it "and what to do" said 'loop plug'
it "6: a call out" run 0 boardctl call city 13800138000 --ring-s 20 --talk-s 2
it "answered" said '^answered'
it "6: the center" stays ctid --config ivr-scripts/center.toml
it "it is there" within 10 test -S var/run/cti.sock
sleep 2
tell net call 3 4006001 13800138000
it "6: a call in is answered by the script" await net '^connected slot=3' 20
it "6: it is among the calls" run 0 ctictl calls
it "with its number" said '13800138000'
tell net hangup 3
sleep 3
it "6: the books" run 0 ctictl books
it "support's archive" run 0 boardctl doctor --profile board.toml --archive support.tar.gz
timeout -s TERM 15 boardctl trace e1-1 >said
it "a trace" said "e1-1 .. RR"
kill "$(pidof ctid)" "$(pidof boardd)"
sleep 3
it "4: rollback" run 0 boardctl rollback
rm -f "$CASE_DIR"/*.in hw-profiles ivr-scripts build
rm -rf var
