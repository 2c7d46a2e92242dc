"""Whether the results of the plain job are one, and where the program's own differ because it
knows more rules: run in DuckDB, which the peers' environment has."""
import json
import pathlib
import subprocess

import common

SCRIPT = pathlib.Path(__file__).with_name("agreement.sql")
RUNNER = """
import duckdb, json, sys
answers, connection = {}, duckdb.connect()
for statement in connection.extract_statements(sys.stdin.read()):
    rows = connection.execute(statement).fetchall()
    if statement.query.strip().startswith('SELECT'):
        name = connection.description[0][0]
        answers[name] = rows
print(json.dumps(answers))
"""


def digest(path):
    """Of the rows in whatever order."""
    shown = subprocess.run(f"LC_ALL=C sort '{path}' | sha256sum", shell=True, check=True,
                           capture_output=True, text=True)
    return shown.stdout.split()[0]


def compare(out, peers):
    """`peers` are folders with master.csv and rejects.csv; the first stands for all of them in
    what is asked of the program's output."""
    digests = {peer.name: [digest(peer / name) for name in ("master.csv", "rejects.csv")]
               for peer in peers}
    script = SCRIPT.read_text().replace("PLAIN/", f"{peers[0]}/").replace("OUT/", f"{out}/")
    shown = subprocess.run([common.PYTHON, "-c", RUNNER], input=script, text=True, check=True,
                           capture_output=True)
    return {"peers_agree": len({tuple(d) for d in digests.values()}) == 1,
            "peers": list(digests)} | json.loads(shown.stdout)
