# The doctor on spans of the real driver: each fault that it can see, with the cause and the fix, and then a line that is well.
# limit: 150
. /vm/lib.sh
{ board_head; dahdi_span e1-1 e1 1 city; } >"$CASE_DIR/e1.toml"
doctor() { # EXIT ARGUMENT...
  local wanted=$1
  shift
  ends "$wanted" boardctl --socket "$CASE_DIR/run/board.sock" doctor --profile "$CASE_DIR/e1.toml" "$@"
}
step() { grep -q -- "^$1  *$2  *${3:-}" "$CASE_DIR/said"; }
mend() { grep -q -- "^  *mend  *$1" "$CASE_DIR/said"; }

rmmod dahdi_echocan_mg2 dahdi_echocan_kb1 dahdi_dynamic_loc dahdi_dynamic dahdi
it "without the module: exit 4" doctor 4
it "the device is missed" step span FAILED '/dev/dahdi/channel is not there'
it "modprobe is the fix" mend 'modprobe dahdi'
modprobe dahdi auto_assign_spans=1
modprobe -a dahdi_dynamic dahdi_dynamic_loc dahdi_echocan_mg2 dahdi_echocan_kb1

it "without a span: exit 4" doctor 4
it "the span is missed" step span FAILED 'DAHDI has no span'
spanctl create 1:0 31
spanctl create 1:1 31
it "not configured: exit 4" doctor 4
it "the channel is named" step span FAILED '.*channel 1 of "e1-1" is not configured'
it "apply is the fix" mend 'run boardctl apply'
spanctl clear

it "lines" lines e1:1
it "spans are up" within 5 spans_ok 2
spanctl destroy 1:1
it "RED" within 5 grep -q RED /proc/dahdi/1
it "RED: exit 4" doctor 4
it "framing fails with RED" step framing FAILED '.*RED'
it "the cable is the fix" mend 'check the cable'
it "it is failed in JSON too" sh -c "boardctl doctor --json --profile $CASE_DIR/e1.toml | grep -q '\"step\":\"framing\",\"verdict\":\"failed\"'"
spanctl create 1:1 31
dahdi_cfg -c /etc/dahdi/system.conf
it "spans are up again" within 5 spans_ok 2

build/bin/boardd --profile "$CASE_DIR/e1.toml" --run-dir "$CASE_DIR/run" >"$CASE_DIR/boardd" 2>&1 &
it "boardd is ready" within 10 grep -q ready "$CASE_DIR/boardd"
sleep 3
it "nobody at the far end: exit 4" doctor 4
it "framing passes" step framing passed
it "the D channel is down" step 'D channel' FAILED 'the D channel of e1-1 is down'
it "user and network are the first thing to look at" mend '.*one side must be user, the other network'

far net prifar --answer 300 --dchan $((far_1 + 15)) --bchans $far_1-$((far_1 + 14)),$((far_1 + 16))-$((far_1 + 30))
it "the far end comes up" await net '^up' 20
sleep 8
it "a line that is well: exit 0" doctor 0 --call city 95500 --archive "$CASE_DIR/support.tar.gz"
for s in span framing 'D channel' 'test call'; do it "$s passes" step "$s" passed; done
it "the call was answered" step 'test call' passed 'answered'
it "the archive is there" sh -c "tar tzf $CASE_DIR/support.tar.gz | grep -q dahdi-span-1"
it "without the number that was called" sh -c "! tar xzOf $CASE_DIR/support.tar.gz | grep -q 95500"
it "a number that nobody answers: exit 4" doctor 4 --call nogroup 95500
it "the test call fails" step 'test call' FAILED
rm -f "$CASE_DIR"/*.in "$CASE_DIR"/run/*.sock
