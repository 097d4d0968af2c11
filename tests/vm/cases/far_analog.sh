# The analog far end against itself: phones on FXS ports and exchanges behind FXO ports, as DAHDI's core signals them.
# limit: 120
# kit
. /vm/lib.sh
for start in ks ls gs; do
  it "$start: lines" lines "analog:2+2:$start"
  board=$board_1 phone=$far_1                                # an FXS port of the board and its phone
  trunk=$((board_1 + 2)) exchange=$((far_1 + 2))             # an FXO port of the board and the exchange behind it
  far b_$start linectl $board $trunk
  far f_$start linectl $phone $exchange
  it "$start: the phone is a phone" await f_$start "^open line=$phone plays=phone"
  it "$start: the exchange is an exchange" await f_$start "^open line=$exchange plays=exchange"
  sleep 1

  tell b_$start ring $board
  it "$start: the phone rings" await f_$start "^ringbegin line=$phone"
  tell f_$start off $phone
  it "$start: off-hook is seen" await b_$start "^ringoffhook line=$board"
  tell b_$start say $board prbs
  tell f_$start say $phone prbs
  sleep 2
  tell f_$start say $phone dtmf 2580
  sleep 3
  tell b_$start heard $board
  it "$start: the board listens" await b_$start "^heard line=$board"
  same "$start: every digit" 2580 "$(field digits)"
  tell f_$start heard $phone
  it "$start: the phone listens" await f_$start "^heard line=$phone"
  same "$start: no bit wrong" 0 "$(field errors)"
  it "$start: 4 s of pattern" test "$(field prbs)" -gt 32000
  tell f_$start flash $phone
  it "$start: flash" await b_$start "^winkflash line=$board"
  sleep 1
  tell f_$start on $phone
  it "$start: on-hook" await b_$start "^onhook line=$board"

  tell f_$start say $exchange dtmf D13900139000C
  sleep 4
  tell b_$start heard $trunk
  it "$start: the board listens before the ring" await b_$start "^heard line=$trunk"
  same "$start: DTMF caller ID before the first ring" D13900139000C "$(field digits)"
  tell f_$start ring $exchange fsk 13800138000 Zhang
  it "$start: the trunk rings" await b_$start "^ringbegin line=$trunk"
  it "$start: the first ring ends" await f_$start "^ringeroff line=$exchange"
  sleep 3
  tell b_$start heard $trunk
  it "$start: the board listens on the trunk" await b_$start "^heard line=$trunk"
  same "$start: FSK caller ID after the first ring" 13800138000 "$(field caller)"
  tell b_$start off $trunk
  it "$start: the exchange sees the answer" await f_$start "^ringoffhook line=$exchange"
  tell f_$start say $exchange tone 450 350 350
  tell b_$start heard $trunk
  await b_$start "^heard line=$trunk"
  before=$(field sound)
  sleep 4
  tell b_$start heard $trunk
  await b_$start "^heard line=$trunk"
  sound=$(($(field sound) - before))
  it "$start: half of 4 s is busy tone ($sound ms)" test $sound -gt 1800 -a $sound -lt 2400
  if [ $start != ls ]; then
    sleep 1
    tell f_$start on $exchange
    it "$start: battery drop" await b_$start "^onhook line=$trunk"
  fi
  tell b_$start quit
  tell f_$start quit
  sleep 1
done
