"""chdb.py JOB: runs chdb.sql with ClickHouse inside of Python (chdb). JOB is JSON: { trades, tape, out, threads }."""

import json
import re
import sys
import time
from pathlib import Path

here = Path(__file__).resolve().parent
# This file has the library's name: its own folder must not be searched for it.
sys.path = [folder for folder in sys.path if Path(folder or ".").resolve() != here]
from chdb import session  # noqa: E402

job = json.loads(sys.argv[1])
start = time.perf_counter()
clickhouse = session.Session()
script = re.sub(r"^--.*$", "", (here / "chdb.sql").read_text(), flags=re.M)
filled = re.sub(r"\{(\w+)\}", lambda match: str(job[match[1]]), script)
for statement in filled.split(";"):
    if statement.strip():
        clickhouse.query(statement)
print(json.dumps({"seconds": time.perf_counter() - start}))
