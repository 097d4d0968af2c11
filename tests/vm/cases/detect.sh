# The technician's first command on a machine without a board.
. /vm/lib.sh
boardctl detect >"$CASE_DIR/text"
same "detect exits 0" 0 $?
it "and says that there is no board" grep -qi 'no board' "$CASE_DIR/text"
boardctl detect --json >"$CASE_DIR/json"
same "detect --json exits 0" 0 $?
same "and lists nothing" "[]" "$(tr -d ' \n' <"$CASE_DIR/json")"
