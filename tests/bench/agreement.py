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
connection.execute('SET enable_progress_bar = false')
for statement in connection.extract_statements(sys.stdin.read()):
    rows = connection.execute(statement).fetchall()
    if statement.query.strip().startswith('SELECT'):
        name = connection.description[0][0]
        answers[name] = rows
print(json.dumps(answers))
"""


DIGEST = ("SELECT count(*), sum(hash(t))::VARCHAR FROM read_csv('%s', all_varchar = true, header = true, "
          "delim = ',', quote = '\"') t;")


def ask(script):
    """Answers by name: the rows of each SELECT under the name of its first column."""
    shown = subprocess.run([common.PYTHON, "-c", RUNNER], input=script, text=True, check=True,
                           capture_output=True)
    return json.loads(shown.stdout)


def rows_of(peer):
    """A number for the rows of each of its two tables, in whatever order and quotes."""
    return [ask(DIGEST % (peer / name)) for name in ("master.csv", "rejects.csv")]


def compare(out, peers):
    """`peers` are folders with master.csv and rejects.csv; the first stands for all of them in
    what is asked of the program's output."""
    rows = [rows_of(peer) for peer in peers]
    script = SCRIPT.read_text().replace("PLAIN/", f"{peers[0]}/").replace("OUT/", f"{out}/")
    return {"peers": [peer.name for peer in peers],
            "peers_agree": all(other == rows[0] for other in rows)} | ask(script)
