/** What a features file says of how it was made. The keys and their JSON are those of the native engine. */
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { PREFIX } from '../provenance.js';
import type { BuildRequest } from '../types.js';
import type { OutColumn } from './columns.js';
import type { Table } from './table.js';

/** The notebook's rules, which are all that this engine has. */
const RULES = {
  preset: 'notebook',
  ties: 'include',
  sequence: null,
  resolution: 'auto',
  availability: null,
  embargo: null,
  excludeSelf: null,
  maxAge: null,
  tie: null,
  direction: 'backward',
  closed: 'right',
  unknownToken: 'null',
  regime: 'bucket',
  proof: false,
};

/** The entries of the metadata; everything that bears on values or layout, and nothing else. */
export function provenance(
  request: BuildRequest,
  columns: readonly OutColumn[],
  tables: Readonly<Record<string, Table | null>>,
): Map<string, string> {
  const { order, returns, windows, bucket, sum, labelAvailableAt = false, tsUnit, compression } = request;
  const options = {
    order,
    returns: returns.map(({ label }) => label),
    windows: windows.map(({ label }) => label),
    bucket: bucket.label,
    sum,
    columns: request.columns,
    labelAvailableAt,
    tsUnit,
    compression,
  };
  const inputs = Object.entries(tables).flatMap(([table, opened]) =>
    (opened?.parts ?? []).map(({ path, reader }) => ({
      table,
      file: relative(request.snapshot, path).split(sep).join('/'),
      bytes: reader.info.bytes,
    })),
  );
  const entries = {
    version: version(),
    preset: RULES.preset,
    rules: JSON.stringify(RULES),
    options: JSON.stringify(options),
    inputs: JSON.stringify(inputs),
    roles: JSON.stringify(Object.fromEntries(columns.map(({ name, role }) => [name, role]))),
  };
  return new Map(Object.entries(entries).map(([key, value]) => [`${PREFIX}${key}`, value]));
}

/** The version of this package, which is that of all others. */
function version(): string {
  // The same place from here and from dist.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
