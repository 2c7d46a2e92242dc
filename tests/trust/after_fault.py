"""What is there after a fault (tests/trust/inject.c), as its trials look at it."""
import hashlib, os, re, sqlite3


def digest(path):
    with open(path, 'rb') as f:
        return hashlib.sha256(f.read()).hexdigest()


def shown(path):
    """What a reader of a SQLite file finds, after it has taken back what was not committed."""
    db = sqlite3.connect(path)
    tables = [t for t, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    rows = [(t, sorted(map(repr, db.execute('SELECT * FROM "%s"' % t)))) for t in tables]
    db.close()
    return hashlib.sha256(re.sub(r'20\d\d-\d\d-\d\dT[0-9:.]+Z', 'TIME', repr(rows)).encode()).hexdigest()


def lose_unsynced(top, log):
    """A power failure: of what no sync covered, half of each file is there."""
    lost = {tuple(line.split()[1:3]): int(line.split()[3]) for line in open(log) if line.startswith('unsynced')}
    for folder, _, files in os.walk(top):
        for name in files:
            path = os.path.join(folder, name)
            st = os.lstat(path)
            durable = lost.get((str(st.st_dev), str(st.st_ino)))
            if durable is not None and durable < st.st_size:
                os.truncate(path, (durable + st.st_size) // 2)


def crashed(log):
    """Where a process crashed, as it said itself; and whether in a library that goes on without
    memory: that is a dead run, and no more."""
    where = ''.join(line for line in open(log) if line.startswith('crash'))
    return where, any(library in where for library in ('libxlsxwriter', 'libminizip', 'libicu'))
