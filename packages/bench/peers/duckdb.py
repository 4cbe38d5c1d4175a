"""duckdb.py JOB: runs duckdb.sql, or another script named in JOB, with DuckDB for Python.

JOB is JSON: { sql, trades, tape, out, threads, ties, codec }.
"""

import json
import re
import sys
import time
from pathlib import Path

here = Path(__file__).resolve().parent
# This file has the library's name: its own folder must not be searched for it.
sys.path = [folder for folder in sys.path if Path(folder or ".").resolve() != here]
import duckdb  # noqa: E402

LAST_OF_TIES = "QUALIFY coalesce(lead(ts) OVER w <> ts, true)"
job = json.loads(sys.argv[1])
values = {**job, "ties": LAST_OF_TIES if job.get("ties") == "last" else ""}

start = time.perf_counter()
connection = duckdb.connect()
script = re.sub(r"^--.*$", "", (here / job["sql"]).read_text(), flags=re.M)
filled = re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), script)
for statement in filled.split(";"):
    if statement.strip():
        connection.execute(statement)
print(json.dumps({"seconds": time.perf_counter() - start}))
