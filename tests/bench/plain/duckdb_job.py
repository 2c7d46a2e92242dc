"""duckdb_job.py INBOX OUT: the plain job with DuckDB, on all processors."""
import os
import pathlib
import sys

import duckdb

script = pathlib.Path(__file__).with_name("plain.sql").read_text()
inbox = os.path.abspath(sys.argv[1])
os.chdir(sys.argv[2])
connection = duckdb.connect(config={"preserve_insertion_order": "false"})
connection.execute(f"SET VARIABLE inbox = '{inbox}'")
connection.execute(script)
