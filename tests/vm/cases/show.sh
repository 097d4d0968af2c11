# boardd, ctid and callgen as they are, on soft spans, in the VM's time: audio, books and recordings as on any machine.
# limit: 120
. /vm/lib.sh
run=$CASE_DIR/run
it "a show of 10 s" show --seconds 10 --seed 3 --run-dir "$run" --set patience=3 --set short=1
cat "$run/report.json"
it "the books balance" matches "$run/report.json" '"balanced":%s*true'
it "nothing mismatches" matches "$run/report.json" '"mismatches":%s*%[%s*%]'
it "calls were answered" matches "$run/report.json" '"answered":%s*[1-9]'
it "no crash" matches "$run/report.json" '"boardd_restarts":%s*0'
it "nothing is left in progress" matches "$run/report.json" '"in_progress":%s*0'
it "recordings were made" matches "$run/report.json" '"files":%s*[1-9]'
