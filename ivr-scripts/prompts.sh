#!/usr/bin/env bash
# Speaks the prompts of every language: prompts.sh TEXT_DIR OUT_DIR. See the head of TEXT_DIR/zh.txt for the format.
# SPDX-License-Identifier: GPL-2.0-or-later
set -euo pipefail
src=$1 out=$2
declare -A voice=([zh]=cmn-latn-pinyin [en]=en)
to_alaw=(-r 8000 -c 1 -b 8 -e a-law)  # -v 0.8: without it the resampler clips
new=$out.new.$$
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"

one() {  # lang voice name text
  local to=$NEW/$1/$3.wav custom=$SRC/custom/$1/$3.wav
  if [ -e "$custom" ]; then sox -v 0.8 "$custom" $TO_ALAW "$to"
  elif [ "${4:0:1}" = '!' ]; then read -ra effects <<<"${4:1}"; sox -n $TO_ALAW "$to" "${effects[@]}"
  else
    espeak-ng -v "$2" -s 160 -w "$to.tmp" -- "$4"
    sox -v 0.8 "$to.tmp" $TO_ALAW "$to"
    rm "$to.tmp"
  fi
}
export -f one
export NEW=$new SRC=$src TO_ALAW="${to_alaw[*]}"

for text in "$src"/*.txt; do
  lang=$(basename "$text" .txt)
  mkdir -p "$new/$lang"
  # zh has the text for the voice in a third column.
  awk -F'\t' -v lang="$lang" -v voice="${voice[$lang]:-$lang}" '/^#/ || NF < 2 {next} {t = NF > 2 ? $3 : $2; printf "%s%c%s%c%s%c%s%c", lang, 0, voice, 0, $1, 0, t, 0}' "$text"
done | xargs -0 -n 4 -P "$(nproc)" bash -c 'set -eu; one "$@"' one

# A recording of a name that no text has is a prompt of its own.
for custom in "$src"/custom/*/*.wav; do
  [ -e "$custom" ] || continue
  lang=$(basename "$(dirname "$custom")")
  mkdir -p "$new/$lang"
  [ -e "$new/$lang/$(basename "$custom")" ] || sox -v 0.8 "$custom" "${to_alaw[@]}" "$new/$lang/$(basename "$custom")"
done
rm -rf "$out"
mv "$new" "$out"
