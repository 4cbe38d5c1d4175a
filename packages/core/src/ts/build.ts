/** The main job over the definition: read, compute, assemble, write. */
import { bucketOf, computeFeatures, type Features, NANOS, regimeCounts } from '@polyfeat/reference';
import { PolyfeatError } from '../errors.js';
import type { BuildReport, BuildRequest, Hooks } from '../types.js';
import { assemble, type Output } from './assemble.js';
import { I64_MIN, overflow, timeUnitOf } from './coerce.js';
import { planColumns } from './columns.js';
import { encode } from './encode.js';
import { Job } from './job.js';
import { finerUnit, readPrints, readTrades, requireFits, requireRoles, type TableTimes } from './rows.js';
import { openSnapshot, requireTrades, type Snapshot, TAPE_NEEDED, TRADES_NEEDED } from './snapshot.js';
import { pnlOf } from './summary.js';
import type { Table } from './table.js';
import { isText } from './type-text.js';
import { checkOut, replaceFile } from './write.js';

/**
 * Builds the features of a snapshot and writes them; see `Engine.build`.
 *
 * @throws PolyfeatError, whatever goes wrong; then no file was written or changed.
 */
export async function build(request: BuildRequest, hooks?: Hooks): Promise<BuildReport> {
  const job = new Job(hooks);
  job.check();
  await job.begin('open', 0, 'rows');
  const snapshot = await openSnapshot(request.snapshot);
  try {
    return await run(job, request, snapshot);
  } finally {
    await snapshot.close();
  }
}

async function run(job: Job, request: BuildRequest, snapshot: Snapshot): Promise<BuildReport> {
  const trades = requireTrades(snapshot, request.snapshot);
  requireRoles(trades, TRADES_NEEDED, request.tsUnit);
  const tape = tapeOf(job, request, snapshot);
  if (trades.rows === 0) job.warn('empty_trades', `${trades.path} has no rows; the output has none either`);
  warnUnusedUnit(job, request, [trades, tape]);
  requireWholeBucket(request, trades);
  const { columns, warnings } = planColumns(trades, request.columns, request, tape !== null);
  job.warnings.push(...warnings);
  const out = await checkOut(request.out, inputsOf(snapshot));

  await job.begin('keys', trades.rows, 'rows');
  const left = await readTrades(job, trades, request.tsUnit);
  await job.begin('tape', tape?.rows ?? 0, 'rows');
  const right = tape === null ? null : await readPrints(job, tape, request.tsUnit);
  if (tape !== null && right !== null) {
    const unit = finerUnit(left.times.unit, right.times.unit);
    requireFits(trades, left.times, unit);
    requireFits(tape, right.times, unit);
  }

  await job.begin('features', trades.rows, 'rows');
  const features = computeFeatures(left.trades, right?.prints ?? null, {
    returns: request.returns.map(({ nanos }) => nanos),
    windows: request.windows.map(({ nanos }) => nanos),
    bucket: request.bucket.nanos,
    sum: request.sum,
  });
  requireBucketsFit(trades, left.times, request.bucket.nanos);
  if (tape !== null) warnDropped(job, tape, features);

  await job.begin('summary', 0, 'rows');
  const regimes = features.rows.map((row) => row.regime);
  const pnl = await pnlOf(job, trades, regimes);

  await job.begin('assemble', columns.length, 'columns');
  const order = request.order === 'token' ? features.order : features.rows.map((_, row) => row);
  const output: Output = { trades, times: left.times, features, order, tapeUnit: right?.times.unit ?? 'ns' };
  const table = await assemble(job, columns, output);

  await job.begin('write', 0, 'bytes');
  const bytes = await encode(table, trades, request.compression, out);
  await job.step(0);
  await replaceFile(out, bytes, () => job.check());
  return {
    engine: 'ts',
    snapshot: request.snapshot,
    out: request.out,
    rows: trades.rows,
    columns: columns.length,
    tables: {
      trades: trades.shape,
      market_trades: snapshot.market_trades?.shape ?? null,
      clob_tob: snapshot.clob_tob?.shape ?? null,
    },
    regimes: regimeCounts(regimes),
    pnl,
    dropped: {
      market_trades_null_ts: features.dropped.nullTs,
      market_trades_null_token: features.dropped.nullToken,
    },
    warnings: job.warnings,
    timings_ms: job.finish(),
  };
}

/** The tape, when it has rows; else a warning. */
function tapeOf(job: Job, request: BuildRequest, { market_trades: tape }: Snapshot): Table | null {
  if (tape === null) {
    job.warn(
      'no_market_trades',
      `${request.snapshot} has no market_trades.parquet; the mt_ columns are left out`,
    );
    return null;
  }
  if (tape.rows === 0) {
    job.warn('empty_market_trades', `${tape.path} has no rows; the mt_ columns are left out`);
    return null;
  }
  requireRoles(tape, TAPE_NEEDED, request.tsUnit);
  return tape;
}

function warnUnusedUnit(job: Job, { tsUnit }: BuildRequest, tables: readonly (Table | null)[]): void {
  if (tsUnit === null) return;
  // Integers are what has a time unit only when one is given.
  const integers = tables.some((table) => {
    const type = table?.field('ts')?.type;
    return type !== undefined && !isText(type) && timeUnitOf(type, null) === null;
  });
  if (!integers) job.warn('ts_unit_unused', '--ts-unit has no effect: no ts column holds integers');
}

function requireWholeBucket({ bucket, tsUnit }: BuildRequest, trades: Table): void {
  const unit = timeUnitOf(trades.field('ts')!.type, tsUnit) ?? 'ns';
  if (bucket.nanos % NANOS[unit] === 0n) return;
  const message = `a bucket of ${bucket.label} is no whole number of ${unit}, the unit of ts in ${trades.path}; choose a longer --bucket`;
  throw new PolyfeatError('BUCKET_UNIT', message, { file: trades.path, column: 'ts' });
}

function requireBucketsFit(trades: Table, { unit, values }: TableTimes, bucket: bigint): void {
  const length = bucket / NANOS[unit];
  values.forEach((ts, row) => {
    if (ts === null || bucketOf(ts, length) > I64_MIN) return;
    overflow(
      `the bucket of ${ts} ${unit} begins before 64-bit times do`,
      { file: trades.path, column: 'ts' },
      row,
    );
  });
}

function warnDropped(job: Job, tape: Table, { dropped }: Features): void {
  const warn = (code: string, count: number, what: string) => {
    if (count > 0) job.warn(code, `${tape.path}: ${count} prints without a ${what} are left out`);
  };
  warn('market_trades_null_ts', dropped.nullTs, 'time');
  warn('market_trades_null_token', dropped.nullToken, 'token_id');
}

/** Files and folders that are read. */
function inputsOf({ trades, market_trades, clob_tob }: Snapshot): string[] {
  return [trades, market_trades, clob_tob].flatMap((table) =>
    table === null ? [] : [table.path, ...table.parts.map((part) => part.path)],
  );
}
