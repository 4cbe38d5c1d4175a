/**
 * How a features file was made, written into it under the keys of the native engine: everything that bears on its values
 * or layout, and nothing else.
 */
import { relative, sep } from 'node:path';
import xxhash from 'xxhash-wasm';
import { durationLabel } from '../duration.js';
import { PREFIX } from '../provenance.js';
import type { BuildRequest, TableName } from '../types.js';
import type { AskedRules } from './ask.js';
import type { OutColumn } from './columns.js';
import { readingError } from './io-errors.js';
import type { Table } from './table.js';
import { version } from './version.js';

/**
 * The entries of the file's metadata.
 *
 * @param resolution the tick of the stamps in nanoseconds, where a rule asked for it.
 * @param columns those of the file, whose roles are told.
 * @param tables the inputs.
 * @throws PolyfeatError those of reading the inputs' footers.
 */
export async function keyValues(
  request: BuildRequest,
  asked: AskedRules,
  resolution: bigint | null,
  columns: readonly OutColumn[],
  tables: ReadonlyMap<TableName, Table>,
): Promise<Map<string, string>> {
  const { order, returns, windows, bucket, sum, tsUnit, compression } = request;
  const labels = (lengths: BuildRequest['returns']) => lengths.map(({ label }) => label);
  const options = {
    ...{ order, returns: labels(returns), windows: labels(windows), bucket: bucket.label },
    ...{ sum, columns: request.columns, labelAvailableAt: request.labelAvailableAt === true },
    ...{ tsUnit, compression },
  };
  const inputs: object[] = [];
  for (const [name, { parts }] of tables) {
    for (const { path, source } of parts) {
      inputs.push({
        table: name,
        file: relative(request.snapshot, path).split(sep).join('/'),
        bytes: source.size,
        footer_xxh64: await footerHash(path, source),
      });
    }
  }
  const entries = {
    version: version(),
    preset: asked.rules.preset,
    rules: JSON.stringify(rulesJson(asked, resolution)),
    options: JSON.stringify(options),
    inputs: JSON.stringify(inputs),
    roles: JSON.stringify(Object.fromEntries(columns.map(({ name, role }) => [name, role]))),
  };
  return new Map(Object.entries(entries).map(([key, value]) => [`${PREFIX}${key}`, value]));
}

/** Rules in the words of the options, lengths as labels; null where a rule is off. */
function rulesJson({ rules, own }: AskedRules, resolution: bigint | null): object {
  const tick = resolution ?? rules.resolution;
  return {
    preset: rules.preset,
    ties: rules.ties,
    sequence: rules.sequence,
    resolution: tick === null ? 'auto' : durationLabel(tick),
    availability: rules.availability,
    embargo: rules.embargo > 0n ? durationLabel(rules.embargo) : null,
    excludeSelf: own.length > 0 ? own : null,
    maxAge: rules.maxAge === null ? null : durationLabel(rules.maxAge),
    tie: rules.tie,
    direction: rules.direction,
    closed: rules.closed,
    unknownToken: rules.unknownToken,
    regime: rules.regime,
    proof: rules.proof,
  };
}

/** The hash of a Parquet file's footer: it changes with its schema, its layout and its statistics. */
async function footerHash(path: string, source: Table['parts'][number]['source']): Promise<string> {
  const { h64Raw } = await xxhash();
  try {
    const { size } = source;
    const tail = await source.read(size - 8, size);
    const length = Math.min(new DataView(tail.buffer, tail.byteOffset).getUint32(0, true), size - 8);
    const hash = h64Raw(await source.read(size - 8 - length, size - 8));
    return hash.toString(16).padStart(16, '0');
  } catch (error) {
    throw readingError(path, error);
  }
}
