"""Records what ClickHouse answers to a query `FORMAT ArrowStream`, from the bundled snapshot.

    pip install chdb==4.4.0
    python scripts/data/record-clickhouse.py

chdb is ClickHouse in the process of Python: the bytes are those that its server sends. Writes
test-data/streams/clickhouse-*.arrows; then bring size and SHA-256 in test-data/manifest.json up to date.
"""

from pathlib import Path

import chdb

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "test-data/snapshots/w61276aba-20260227T092000+0000"
OUT = ROOT / "test-data/streams"

# As in a table made for this: texts that repeat are LowCardinality, which becomes a dictionary. A decimal is made
# from the text of a number, because ClickHouse cuts a double off: toDecimal64(2.03, 6) is 2.029999.
COLUMNS = {
    "trades": """
        toDateTime64(ts, 3, 'UTC') AS ts,
        toLowCardinality(market_slug) AS market_slug,
        toLowCardinality(token_id) AS token_id,
        toLowCardinality(side) AS side,
        toLowCardinality(outcome) AS outcome,
        price,
        size""",
    "market_trades": """
        toDateTime64(ts, 3, 'UTC') AS ts,
        toLowCardinality(token_id) AS token_id,
        price,
        toDecimal64(toString(size), 6) AS size""",
}

# A block becomes a record batch.
SETTINGS = """
    output_format_arrow_low_cardinality_as_dictionary = 1,
    output_format_arrow_compression_method = 'none',
    max_block_size = 1024,
    max_threads = 1,
    input_format_parquet_max_block_size = 1024"""


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for table, columns in COLUMNS.items():
        file = SNAPSHOT / f"{table}.parquet"
        sql = f"SELECT {columns} FROM file('{file}', Parquet, 'auto') SETTINGS {SETTINGS}"
        stream = chdb.query(sql, "ArrowStream").bytes()
        path = OUT / f"clickhouse-{table.replace('_', '-')}.arrows"
        path.write_bytes(stream)
        print(path.relative_to(ROOT), len(stream))


main()
