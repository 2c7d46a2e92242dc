#!/bin/bash
# One thread or two, much memory or little: the bytes are the same.
. "$(dirname "$0")/common.sh"
night "$work/n" --people 2000
run "$work/n/inbox" "$work/s1" "$work/o1" --jobs 1
run "$work/n/inbox" "$work/s2" "$work/o2" --jobs 2
run "$work/n/inbox" "$work/s3" "$work/o3" --jobs 3 --memory 64M
run "$work/n/inbox" "$work/s4" "$work/o4" --jobs 2 --memory 1M
same "$work/o1" "$work/o2" "--jobs 1 and --jobs 2"
same "$work/o1" "$work/o3" "--jobs 1 and --memory 64M"
same "$work/o1" "$work/o4" "--jobs 1 and --memory 1M (all in a file)"
