# What the laws share: a generated night, the program, a place to work in.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
yice=$PWD/$build/yice
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
date=2026-03-03

# night DIR [generator's options]: a small one with many faults, unless told otherwise.
night() {
	"$build/generate" --people 400 --dealers 6 --days 3 --faults 3 --date $date "${@:2}" --out "$1" 2>/dev/null
}

# A run may say that a person is needed (status 1): the night has files for quarantine.
yice() {
	local status=0
	"$yice" "$@" --quiet || status=$?
	[ $status -le 1 ] || { echo "yice $1 ended with status $status" >&2; exit 1; }
}

run() { # run INBOX STATE OUT [options]
	yice run --inbox "$1" --state "$2" --out "$3" --date "${DATE:-$date}" --publish none "${@:4}"
}

# The sums of all files of a folder but run.json, which tells times.
sums() {
	(cd "$1" && find . -type f ! -name run.json | LC_ALL=C sort | xargs sha256sum)
}

same() { # same A B WHAT
	if ! diff <(sums "$1") <(sums "$2") >"$work/difference"; then
		echo "not the same: $3" >&2
		grep '^[<>]' "$work/difference" | awk '{print $3}' | sort -u | head -20 >&2
		exit 1
	fi
}

# Data rows of a table, quoted line breaks and all; column COLUMN summed where it is given.
rows() {
	python3 - "$1" <<-'PY'
		import csv, sys
		print(sum(1 for _ in csv.reader(open(sys.argv[1], encoding='utf-8', newline=''))) - 1)
	PY
}
