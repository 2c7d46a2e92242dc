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

# So it is for a file that is read in batches, too large to be decoded at once.
night "$work/large" --people 70000 --dealers 1 --days 1 --rows-mix dms_customer
[ "$(stat -c %s "$work"/large/inbox/dms_customer_*.csv)" -gt $((16 << 20)) ]
run "$work/large/inbox" "$work/s5" "$work/o5" --jobs 1
run "$work/large/inbox" "$work/s6" "$work/o6" --jobs 3 --memory 64M
same "$work/o5" "$work/o6" "a large file, --jobs 1 and --jobs 3 --memory 64M"
