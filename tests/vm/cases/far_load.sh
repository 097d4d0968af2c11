# What the VM itself can bear: 120 calls on four E1s between plain libpri ends, every byte of 6 s of audio right.
# limit: 90
# kit
. /vm/lib.sh
it "lines" lines e1:4
for k in 1 2 3 4; do
  eval "b=\$board_$k f=\$far_$k"
  far net$k prifar --dchan $((b + 15)) --bchans $b-$((b + 14)),$((b + 16))-$((b + 30))
  far user$k prifar --user --answer 100 --talk 6000 --dchan $((f + 15)) --bchans $f-$((f + 14)),$((f + 16))-$((f + 30))
done
for k in 1 2 3 4; do it "D channel $k" await net$k '^up' 20; done
for k in 1 2 3 4; do tell net$k burst 30 95500 2000; done
sleep 5
for k in 1 2 3 4; do
  tell net$k count
  it "30 calls on span $k" await net$k '^count .*now=30'
done
sleep 7
for k in 1 2 3 4; do
  tell net$k count
  it "all cleared on span $k" await net$k '^count .*cleared=30 now=0'
  same "every byte right on span $k" 60 "$(cat "$CASE_DIR/net$k" "$CASE_DIR/user$k" | grep -c '^listened .* errors=0 locks=1 .* late=0')"
done
