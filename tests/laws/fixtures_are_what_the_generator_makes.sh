#!/bin/bash
# The committed night is the one that `make fixtures` makes: byte for byte, but for the packing
# of .gz and .xlsx, which another version of the packing library may do better.
. "$(dirname "$0")/common.sh"
unpack() { # every file of a folder as bytes to compare, below another
	python3 - "$1" "$2" <<'PY'
import gzip, os, sys, zipfile
source, target = sys.argv[1:]
os.makedirs(target)
for name in sorted(os.listdir(source)):
    path = f'{source}/{name}'
    if name.endswith('.gz'):
        data = gzip.open(path).read()
    elif name.endswith('.xlsx'):
        book = zipfile.ZipFile(path)
        data = b''.join(n.encode() + book.read(n) for n in sorted(book.namelist()))
    else:
        data = open(path, 'rb').read()
    open(f'{target}/{name}', 'wb').write(data)
PY
}
make --no-print-directory -s fixtures FIXTURES="$work/made"
for folder in exports truth; do
	unpack "fixtures/$folder" "$work/committed_$folder"
	unpack "$work/made/$folder" "$work/made_$folder"
	diff -r "$work/committed_$folder" "$work/made_$folder"
done
