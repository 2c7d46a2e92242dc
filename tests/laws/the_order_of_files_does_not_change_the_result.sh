#!/bin/bash
# The same files in other sub-folders, so that they are met in another order.
. "$(dirname "$0")/common.sh"
night "$work/n"
mkdir "$work/other"
i=0
for file in $(ls "$work/n/inbox" | LC_ALL=C sort -r); do
	i=$((i + 1))
	mkdir -p "$work/other/$((i % 7))/$((i % 3))"
	cp "$work/n/inbox/$file" "$work/other/$((i % 7))/$((i % 3))/"
done
run "$work/n/inbox" "$work/s1" "$work/o1"
run "$work/other" "$work/s2" "$work/o2"
same "$work/o1" "$work/o2" "one folder and many"
