# The plain libpri far end against itself, so that a fault in a test of ours is known to be ours: EuroISDN on E1, NI2 on T1.
# limit: 120
# kit
. /vm/lib.sh
it "lines" lines e1:1 t1:1
e1="--dchan $((board_1 + 15)) --bchans $board_1-$((board_1 + 14)),$((board_1 + 16))-$((board_1 + 30))"
e1_far="--dchan $((far_1 + 15)) --bchans $far_1-$((far_1 + 14)),$((far_1 + 16))-$((far_1 + 30))"
t1="--law u --switch ni2 --dchan $((board_2 + 23)) --bchans $board_2-$((board_2 + 22))"
t1_far="--law u --switch ni2 --dchan $((far_2 + 23)) --bchans $far_2-$((far_2 + 22))"

a_call() {  # NET USER DIGITS: one call from the network side, audio both ways, digits, cleared by the user
  it "$1: D channel up at the network side" await "$1" '^up' 20
  it "$2: D channel up at the user side" await "$2" '^up' 20
  tell "$1" call 3 95500 13800138000
  it "$2: SETUP in slot 3" await "$2" '^ring slot=3 '
  same "$2: called number" 95500 "$(field number)"
  same "$2: calling number" 13800138000 "$(field caller)"
  it "$1: alerting" await "$1" '^alerting slot=3'
  it "$1: connected" await "$1" '^connected slot=3'
  sleep 3
  tell "$2" say 3 dtmf "$3"
  sleep 4
  tell "$1" heard 3
  tell "$2" heard 3
  it "$1: listens" await "$1" '^heard slot=3'
  same "$1: every digit" "$3" "$(field digits)"
  same "$1: no bit wrong" 0 "$(field errors)"
  it "$1: at least 4 s of pattern" test "$(field prbs)" -gt 32000
  it "$2: listens" await "$2" '^heard slot=3'
  same "$2: no bit wrong" 0 "$(field errors)"
  same "$2: one piece" 1 "$(field locks)"
  it "$2: at least 6 s of pattern" test "$(field prbs)" -gt 48000
  same "$2: nothing late" 0 "$(field late)"
  tell "$2" hangup 3 16
  it "$1: DISCONNECT" await "$1" '^disconnect slot=3 cause=16'
  it "$2: cleared" await "$2" '^clear slot=3'
}

far net1 prifar $e1
far user1 prifar --user --answer 300 $e1_far
a_call net1 user1 159D
far net2 prifar $t1
far user2 prifar --user --answer 300 $t1_far
a_call net2 user2 0123456789*#

tell user1 open 5 075
it "SETUP without the whole number" await net1 '^ring slot=5 .*complete=0'
it "asked for more" await user1 '^setupack slot=5'
tell user1 more 5 58
it "digits one by one" await net1 '^digits slot=5 number=07558'
tell net1 hangup 5 28
it "cleared with cause 28" await user1 '^disconnect slot=5 cause=28'

tell net1 burst 30 95500 2000
sleep 8
tell user1 count
it "30 calls at once" await user1 'came=31 .*now=30'
tell net1 restart 7
it "RESTART of a slot" await user1 '^restart slot=7'
it "acknowledged" await net1 '^restartack slot=7'

tell net2 mute 20000
it "a silent D channel is seen down" await user2 '^down' 20
it "and up again when it speaks" await user2 '^up' 30
