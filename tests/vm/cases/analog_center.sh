# A center on analog lines: phones on FXS ports, two lines of an exchange on FXO ports, boardd and ctid as they are. The exchange, the callers
# and the phones are linectl, which shares no code with the drivers. Callers' numbers by FSK and by DTMF, the queue, a phone, audio both ways,
# recording, a flash that holds the caller, a transfer, the ends of a call, dialling out by tone and by pulses; then the cable is cut. The recordings are judged by analog_center.host.
# limit: 200
. /vm/lib.sh
run=$CASE_DIR/run
it "lines" env ECHO=none sh -c '. /vm/lib.sh; lines analog:2+2'
phone=5 phone2=6 exchange=7 exchange2=8  # the far ends of FXS 1 and 2, of FXO 3 and 4
cat >"$CASE_DIR/board.toml" <<END
[board]
realtime = false
[[span]]
name = "phones"
kind = "fxs"
driver = "dahdi"
dahdi_span = 1
stations = "1001-1002"
dial_tone_s = 8
[[span]]
name = "city-1"
kind = "fxo"
driver = "dahdi"
dahdi_span = 1
lines = 1
group = "city"
[[span]]
name = "city-2"
kind = "fxo"
driver = "dahdi"
dahdi_span = 1
lines = 1
group = "city"
caller_id = "dtmf"
END
cp -r ivr-scripts "$CASE_DIR/scripts"
cat >"$CASE_DIR/scripts/center.toml" <<'END'
[center]
outgoing_group = "city"
[[number]]
number = "city"
business = "service"
script = "main.lua"
queue = "orders"
language = "zh"
record = "whole"
[[queue]]
name = "orders"
agents = ["2001"]
[[queue]]
name = "vip"
agents = ["2001-2002"]
[[agent]]
id = "2001"
name = "Li Na"
pin = "7001"
wrap_up_s = 1
[[agent]]
id = "2002"
name = "Wang Fang"
pin = "7002"
wrap_up_s = 4
[data]
sql = "data/business.sql"
END
far phones linectl $phone-$phone2
far city linectl $exchange-$exchange2
it "the phones are phones" await phones "^open line=$phone2 plays=phone"
it "the exchange is an exchange" await city "^open line=$exchange2 plays=exchange"
far boardd build/bin/boardd --profile "$CASE_DIR/board.toml" --run-dir "$run"
far ctid build/bin/ctid --config "$CASE_DIR/scripts/center.toml" --run-dir "$run"
must() {  # like it; without it the rest makes no sense
  local what=$1
  shift
  if "$@"; then pass "$what"; else fail "$what" && tail -n 5 "$CASE_DIR/boardd" "$CASE_DIR/ctid" && exit 0; fi
}
must "ctid is ready" within 20 test -S "$run/cti.sock"
must "ctid and boardd have met" await boardd 'ctid is here'

dials() {  # SENTENCE LINE DIGITS: a phone goes off-hook and dials by tones
  tell phones off "$2"
  it "$1: dial tone" await boardd 'initiated phones/'
  sleep 1
  tell phones say "$2" dtmf "$3"
  sleep 3
}
ctictl() { build/bin/ctictl --socket "$run/cti.sock" --db "$run/journal.db" "$@"; }
agent_is() {  # STATE [AGENT=2001]
  within 8 sh -c "build/bin/ctictl --socket $run/cti.sock agents --json | tr '{' '\n' | grep '\"${2:-2001}\"' | grep -q '\"state\": *\"$1\"'"
}
dials "the agent logs in" $phone '*1120017001#'
tell phones on $phone
sleep 2
dials "the agent is ready" $phone '*13'
tell phones on $phone
must "agentReady" agent_is agentReady

talks() {  # SENTENCE EXCHANGE: from the bell at the phone to what both have heard
  it "$1: the phone rings" await phones "^ringbegin line=$phone" 15
  sleep 4
  tell phones heard $phone
  it "$1: the phone listens to its bell" await phones "^heard line=$phone"
  same "$1: the caller's number on the phone's display" "$number" "$(field caller)"
  local wrong=$(field errors)  # a phone that was hung up amid a pattern may have counted its last byte
  tell phones off $phone
  it "$1: answered" await ctid 'call .* -> talking'
  tell phones say $phone prbs
  tell city say "$2" prbs
  sleep 1
  tell city say "$2" dtmf 147
  sleep 3
  tell phones heard $phone
  it "$1: the phone listens" await phones "^heard line=$phone"
  echo "phone $found"
  same "$1: no bit wrong at the phone" $wrong "$(field errors)"
  it "$1: it has heard the digits of the caller" test "$(field digits | grep -c '147$')" = 1
  it "$1: 2 s of pattern at the phone" test "$(field prbs)" -gt $((phone_heard + 16000))
  phone_heard=$(field prbs)
  tell city heard "$2"
  it "$1: the caller listens" await city "^heard line=$2"
  echo "caller $found"
  same "$1: no bit wrong at the caller" 0 "$(field errors)"
  it "$1: 3 s of pattern at the caller" test "$(field prbs)" -gt 24000
}
phone_heard=0

# FSK between the first two rings; the caller takes key 1 in the menu; the caller hangs up: the exchange drops its battery.
number=13800138000
tell city ring $exchange fsk $number Zhang
it "FSK: offered with its number" await boardd "offered city-.*: $number calls"
it "FSK: the script answers" await city "^ringoffhook line=$exchange"
sleep 1
tell city say $exchange dtmf 1
talks FSK $exchange

# A flash holds the caller, the next one brings him back.
heard_at() {  # NAME LINE: prbs, sound and errors so far
  tell "$1" heard "$2"
  await "$1" "^heard line=$2" >/dev/null
  prbs=$(field prbs) sound=$(field sound) errors=$(field errors)
}
hears_pattern() {  # SENTENCE NAME LINE: 1 s of pattern within 2 s, no bit wrong
  heard_at "$2" "$3"
  local before=$prbs wrong=$errors
  sleep 2
  heard_at "$2" "$3"
  it "$1: 1 s of pattern" test "$prbs" -gt $((before + 8000))
  same "$1: no bit wrong" $wrong "$errors"
}
hears_no_pattern() {  # SENTENCE NAME LINE: 1 s of sound within 2 s, none of it pattern
  heard_at "$2" "$3"
  local before=$prbs quiet=$sound
  sleep 2
  heard_at "$2" "$3"
  same "$1: no pattern" "$before" "$prbs"
  it "$1: 1 s of sound" test "$sound" -gt $((quiet + 1000))
}
flashes() {  # SENTENCE WANTED
  tell phones say $phone silence
  tell phones flash $phone
  it "$1" await ctid "consultation $2"
  sleep 1
}
flashes "flash: the caller is held" 'none -> dialling'
hears_no_pattern "flash: music at the caller" city $exchange
hears_no_pattern "flash: dial tone at the phone" phones $phone
flashes "flash: he is back" 'dialling -> none'
tell phones say $phone prbs
sleep 1
hears_pattern "flash: the caller again" city $exchange
hears_pattern "flash: the phone again" phones $phone

# The second agent is asked by his number, the two talk, the first hangs up.
dials "the second agent logs in" $phone2 '*1120027002#'
tell phones on $phone2
sleep 2
dials "the second agent is ready" $phone2 '*13'
tell phones on $phone2
it "the second agent: agentReady" agent_is agentReady 2002
flashes "transfer: the caller is held" 'none -> dialling'
tell phones say $phone dtmf 2002
it "transfer: the number is known" await ctid 'consultation dialling -> ringing'
it "transfer: the second phone rings" await phones "^ringbegin line=$phone2" 15
sleep 4
tell phones heard $phone2
await phones "^heard line=$phone2"
same "transfer: the caller's number on its display" "$number" "$(field caller)"
tell phones off $phone2
it "transfer: the second answers" await ctid 'consultation ringing -> talking'
tell phones say $phone prbs
tell phones say $phone2 prbs
sleep 1
hears_pattern "transfer: the first hears the second" phones $phone
hears_pattern "transfer: the second hears the first" phones $phone2
hears_no_pattern "transfer: still music at the caller" city $exchange
tell phones say $phone silence
tell phones on $phone
it "transfer: the first hangs up" await ctid 'consultation talking -> none: first_left'
sleep 1
hears_pattern "transfer: the caller hears the second" city $exchange
hears_pattern "transfer: the second hears the caller" phones $phone2
it "transfer: the first agent is ready again" agent_is agentReady
it "transfer: the second is busy" agent_is agentBusy 2002
tell city say $exchange silence
tell city on $exchange
it "FSK: the caller hangs up" await boardd 'released: cause 16 from far battery_drop'
tell phones say $phone2 silence
sleep 1
tell phones on $phone2
it "FSK: the second agent is ready again" agent_is agentReady 2002
sleep 2
dials "the second agent logs out" $phone2 '*12'
tell phones on $phone2
it "the second agent: agentNull" agent_is agentNull 2002
sleep 2

# DTMF before the first ring, on the other line; the agent hangs up.
number=13900139000
tell city say $exchange2 dtmf D${number}C
sleep 3
tell city ring $exchange2
it "DTMF: offered with its number at the first ring" await boardd "offered city-.*: $number calls" 3
it "DTMF: the script answers" await city "^ringoffhook line=$exchange2"
sleep 1
tell city say $exchange2 dtmf 1
tell phones say $phone silence
talks DTMF $exchange2
tell phones say $phone silence
tell phones on $phone
it "DTMF: the exchange sees the end" await city "^onhook line=$exchange2"
tell city on $exchange2
it "DTMF: the agent is ready again" agent_is agentReady
sleep 2

# A caller who waits hangs up: the exchange says busy tone only. A cadence of the country, then one that must be learned.
tell city say $exchange silence
for cadence in 350/350 520/520; do
  tell phones off $phone
  await boardd 'initiated phones/'
  tell city ring $exchange fsk 01012345678
  it "$cadence: offered" await boardd 'offered city-'
  await city "^ringoffhook line=$exchange"
  tell city say $exchange tone 450 ${cadence%/*} ${cadence#*/}
  it "$cadence: busy tone ends the call" await boardd 'released: cause 16 from far busy_tone' 12
  it "$cadence: the line is given back" await city "^onhook line=$exchange"
  tell city say $exchange silence
  tell city on $exchange
  tell phones on $phone
  sleep 2
done
build/bin/boardctl --socket "$run/board.sock" status --json >"$CASE_DIR/status"
it "the known cadence is reported" grep -q 'busy_tone_3[3-7]0_3[3-7]0"' "$CASE_DIR/status"
it "the learned cadence is reported" grep -q 'busy_tone_5[0-4]0_5[0-4]0_learned"' "$CASE_DIR/status"

# Out: a phone dials by tones, a rotary phone by pulses; the exchange hears tones in both cases.
digits_at() { tell city heard "$1"; await city "^heard line=$1" >/dev/null; field digits | tr -d -; }
out() {  # SENTENCE DIGITS SECONDS
  local before_7=$digits_7 before_8=$digits_8
  it "$1: a line is seized" await city '^ringoffhook line=' 15
  sleep 4
  digits_7=$(digits_at 7)
  digits_8=$(digits_at 8)
  same "$1: the exchange hears $2 once" "$2" "${digits_7#"$before_7"}${digits_8#"$before_8"}"
  tell phones on $phone2
  it "$1: the exchange sees the end" await city '^onhook line='
  tell city on $exchange
  tell city on $exchange2
  sleep 2
}
digits_7=$(digits_at 7)
digits_8=$(digits_at 8)
tell phones off $phone2
it "out by tones: dial tone" await boardd 'initiated phones/'
sleep 1
tell phones say $phone2 dtmf '010086#'
out "out by tones" 10086
tell phones off $phone2
it "out by pulses: dial tone" await boardd 'initiated phones/'
sleep 1
tell phones pulse $phone2 047
it "out by pulses: the kernel has sent them" await phones "^dialcomplete line=$phone2"
out "out by pulses" 47

ctictl books >"$CASE_DIR/books"
same "the books balance" 0 $?
cat "$CASE_DIR/books"
ctictl books --json >"$CASE_DIR/books.json"
ctictl recordings --json >"$CASE_DIR/recordings.json"
for want in offered=4 answered=2 lost_total=2 attempts=2; do it "books: $want" matches "$CASE_DIR/books.json" "\"${want%=*}\":%s*${want#*=}[,}%s]"; done
mkdir -p "$CASE_DIR/out"
cp "$CASE_DIR/recordings.json" "$CASE_DIR/out/"
(cd "$run/recordings" && cp */*.wav "$CASE_DIR/out/")

# The cable is cut and put back: RED, phones and lines out of service, and in service again.
kill "$phones_pid" "$city_pid"
it "the far side goes" within 3 spanctl destroy 1:1
it "phones: RED" await boardd 'alarm phones red raised' 5
it "lines: RED" await boardd 'alarm city-1 red raised' 5
build/bin/boardctl --socket "$run/board.sock" status --json >"$CASE_DIR/status"
it "the phones are out of service" matches "$CASE_DIR/status" '"station":%s*"1002",%s*"off_hook":%s*false,%s*"in_service":%s*false'
spanctl create 1:1 4
it "phones: RED is over" await boardd 'alarm phones red over' 10
it "lines: RED is over" await boardd 'alarm city-1 red over' 10
it "boardd lives" kill -0 "$(pidof boardd)"
tail -n 60 "$CASE_DIR/boardd"
rm -f "$CASE_DIR"/*.in "$run"/*.sock
