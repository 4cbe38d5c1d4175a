-- What the roofline does, by DuckDB: the tape's four columns are read, the trades are read, put into the order of
-- (token_id, ts) and written in the codec of the file they came from. No feature is computed.
SET threads = {threads};
SET temp_directory = '{out}.tmp';
SET preserve_insertion_order = true;

-- A sum of each column has it decoded.
SELECT max(ts), max(token_id), sum(price), sum(size) FROM read_parquet('{tape}');

COPY (
  SELECT * EXCLUDE (file_row_number) FROM read_parquet('{trades}', file_row_number = true)
  ORDER BY token_id, ts, file_row_number
) TO '{out}' (FORMAT parquet, COMPRESSION {codec});
