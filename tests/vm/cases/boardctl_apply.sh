# The technician applies a profile: the files, the module by the real modprobe, the spans by the real dahdi_cfg; what cannot come up is
# told with the profile's line; rollback brings the files and the spans of before back.
. /vm/lib.sh
profile() { # FILE SPANS… : E1s of dynamic=loc; N:M is end M of cable N
  local file=$1 n=0 end
  shift
  printf '[board]\nmodules = "dahdi_dynamic_loc"\ntone_zone = "cn"\n' >"$CASE_DIR/$file"
  for end in "$@"; do
    n=$((n + 1))
    printf '\n[[span]]\nname = "e1-%s"\nkind = "e1"\ngroup = "g%s"\ndriver = "dahdi"\ndahdi_span = %s\ntiming = 0\ndynamic = "loc,%s"\n' $n $n $n "$end" >>"$CASE_DIR/$file"
  done
}
apply() { # EXIT ARGUMENT...
  local wanted=$1
  shift
  ends "$wanted" boardctl apply "$@"
}

rm -f /etc/dahdi/system.conf /etc/dahdi/modules
rmmod dahdi_dynamic_loc
profile pair.toml 1:0 1:1
it "--dry-run ends with 0" apply 0 "$CASE_DIR/pair.toml" --dry-run
it "it shows a line that would come" said '^+dynamic=loc,1:0,31,'
it "and the module" said '^+dahdi_dynamic_loc$'
it "nothing is written" test ! -e /etc/dahdi/system.conf
it "nothing is loaded" sh -c '! grep -q ^dahdi_dynamic_loc /proc/modules'

it "apply ends with 0" apply 0 "$CASE_DIR/pair.toml"
it "modprobe has loaded the module" grep -q ^dahdi_dynamic_loc /proc/modules
it "dahdi_cfg has made the spans" spans_ok 2
it "e1-1 is told as up" said '^e1-1: up, DAHDI span 1, channels 1 to 31'
it "e1-2 is told as up" said '^e1-2: up, DAHDI span 2, channels 32 to 62'
cat /proc/dahdi/1
it "the D channel is where it belongs" grep -q '[[:space:]]16 DYN/loc/1:0/16 HDLCFCS' /proc/dahdi/1
cp /etc/dahdi/system.conf "$CASE_DIR/before"
it "a second apply ends with 0" apply 0 "$CASE_DIR/pair.toml"
it "and finds the files as they are" said '^the files are so already'

sed 's/dahdi_span = 2/dahdi_span = 7/' "$CASE_DIR/pair.toml" >"$CASE_DIR/wrong.toml"
sed -i 's/tone_zone = "cn"/tone_zone = "us"/' "$CASE_DIR/wrong.toml"
it "a span that does not exist: --dry-run ends with 0" apply 0 "$CASE_DIR/wrong.toml" --dry-run
it "it shows what goes and what comes" sh -c "grep -q '^-loadzone=cn' $CASE_DIR/said && grep -q '^+loadzone=us' $CASE_DIR/said"
it "apply ends with 4" apply 4 "$CASE_DIR/wrong.toml"
it "the span that is there is up" said '^e1-1: up'
it "the other is told with the profile's line" said 'wrong.toml:[0-9]*: DAHDI span 7 of "e1-2" does not exist; there are 2'
it "and what to write" said 'try: write the dahdi_span that /proc/dahdi/ has'
it "rollback ends with 0" boardctl rollback
it "the file of before is back" cmp "$CASE_DIR/before" /etc/dahdi/system.conf
it "the spans of before are back" within 5 spans_ok 2
boardctl rollback >"$CASE_DIR/said" 2>&1
same "a second rollback is refused" 1 $?
it "and says why" said 'nothing is kept'

sed -i 's/dahdi_dynamic_loc/wcnothing/' "$CASE_DIR/wrong.toml"
it "a module that the kernel does not have: exit 1" apply 1 "$CASE_DIR/wrong.toml"
it "it names the command that failed and who helps" said 'modprobe wcnothing: exit .*boardctl detect'

# A cable that is not there, on a span that DAHDI knows without us.
spanctl clear
rm -f /etc/dahdi/system.conf
spanctl create 1:0 31
spanctl create 1:1 31
spanctl destroy 1:1
it "RED" within 5 grep -q RED /proc/dahdi/1
sed -e '/^dynamic/d' -e '/dahdi_span = 2/,$d' "$CASE_DIR/pair.toml" | sed '/e1-2/,$d' | sed '$d' >"$CASE_DIR/red.toml"
cat "$CASE_DIR/red.toml"
it "apply of a span in RED ends with 4" apply 4 "$CASE_DIR/red.toml"
it "it names the profile's line, the alarm and the span" said 'red.toml:[0-9]*: .*RED'
it "and what to try" said 'try: check the cable'
