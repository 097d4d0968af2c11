# The kernel boots, DAHDI loads, and every kind of line comes up between cross-connected spans.
# kit
. /vm/lib.sh
it "DAHDI is loaded" test -e /dev/dahdi/ctl
for module in dahdi dahdi_dynamic dahdi_dynamic_loc dahdi_echocan_mg2 dahdi_echocan_kb1; do
  it "module $module" grep -q "^$module " /proc/modules
done

it "dahdi_cfg takes 4 E1, 1 T1 and 24 analog pairs" lines e1:4 t1:1 analog:16+8
it "12 spans are up without an alarm" within 5 spans_ok 12
same "the far ends begin behind the board's channels" $((4 * 31 + 24 + 24 + 1)) $far_1

it "a span whose far side is gone shows an alarm" sh -c '. /vm/lib.sh; spanctl destroy 1:1 && within 5 grep -q RED /proc/dahdi/1'
it "the far side comes back" sh -c '. /vm/lib.sh; spanctl create 1:1 31 && within 5 sh -c "! grep -q RED /proc/dahdi/1"'

for start in ks ls gs; do
  spanctl clear
  it "analog with start $start" lines "analog:4+4:$start"
  it "2 spans are up with start $start" within 5 spans_ok 2
done
