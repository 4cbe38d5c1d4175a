"""rewrite.py JOB: what the roofline does, by pyarrow: the tape's four columns are read, the trades are read, put into
the order of (token_id, ts) and written in the codec of the file they came from. No feature is computed.

JOB is JSON: { trades, tape, out, threads, codec }.
"""

import json
import sys
import time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

job = json.loads(sys.argv[1])
pa.set_cpu_count(job["threads"])
start = time.perf_counter()
pq.read_table(job["tape"], columns=["ts", "token_id", "price", "size"], read_dictionary=["token_id"])
trades = pq.read_table(job["trades"])
order = pc.sort_indices(trades, [("token_id", "ascending"), ("ts", "ascending")])
pq.write_table(trades.take(order), job["out"], compression=job["codec"].lower())
print(json.dumps({"seconds": time.perf_counter() - start}))
