/** The main job: read, compute by the kernels, assemble, write. */
import { labelAvailableAt, NANOS, regimeCounts } from '@polyfeat/reference';
import { isText } from '../arrow/type-text.js';
import { LABEL_AVAILABLE } from '../columns.js';
import { PolyfeatError } from '../errors.js';
import { computeFeatures, type FeatureAnswer } from '../kernels/features.js';
import { MAX_TIME, NULL_TIME } from '../kernels/int64.js';
import { type MadeColumn, REGIMES, timestamps } from '../kernels/made.js';
import { runSliced } from '../kernels/steps.js';
import { type Tape, tapeWarnings } from '../kernels/tape.js';
import { type SettledRules, settleRules, visibilityOf } from '../settled-rules.js';
import type { BuildReport, BuildRequest, Hooks, TableName } from '../types.js';
import { ask, comparisonUnit } from './ask.js';
import { assemble } from './assemble.js';
import { timeUnitOf } from './coerce.js';
import { planColumns } from './columns.js';
import { encode } from './encode.js';
import { Job } from './job.js';
import { keyValues } from './provenance.js';
import { finerUnit, readPrints, readTrades, requireFits, requireRoles } from './rows.js';
import { openSnapshot, requireTrades, type Snapshot, TAPE_NEEDED, TRADES_NEEDED } from './snapshot.js';
import { pnlOf } from './summary.js';
import type { Table } from './table.js';
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
  const rules = settleRules('', request.rules);
  const snapshot = await openSnapshot(request.snapshot);
  try {
    return await run(job, request, snapshot, rules);
  } finally {
    await snapshot.close();
  }
}

async function run(
  job: Job,
  request: BuildRequest,
  snapshot: Snapshot,
  rules: SettledRules,
): Promise<BuildReport> {
  const trades = requireTrades(snapshot, request.snapshot);
  requireRoles(trades, TRADES_NEEDED, request.tsUnit);
  const tape = tapeOf(job, request, snapshot);
  if (trades.rows === 0) job.warn('empty_trades', `${trades.path} has no rows; the output has none either`);
  warnUnusedUnit(job, request, [trades, tape]);
  const asked = await ask(job, rules, request, trades, tape);
  requireWholeBucket(request, trades);
  const { columns, warnings } = planColumns(trades, request, rules, {
    tape: tape !== null,
    proof: rules.proof,
  });
  job.warnings.push(...warnings);
  const out = await checkOut(request.out, inputsOf(snapshot));

  await job.begin('keys', trades.rows, 'rows');
  const left = await readTrades(job, trades, request.tsUnit, tape === null ? null : asked);
  await job.begin('tape', tape?.rows ?? 0, 'rows');
  const right = tape === null ? null : await readPrints(job, tape, request.tsUnit, asked);
  if (tape !== null && right !== null) {
    const stamps = finerUnit(left.times.unit, right.times.unit);
    const unit = comparisonUnit(asked, tape, request.tsUnit, stamps);
    requireFits(trades, left.times, unit);
    requireFits(tape, right.times, unit);
  }

  await job.begin('features', trades.rows, 'rows');
  const plan = {
    ...request,
    regime: rules.regime,
    visibility: visibilityOf(rules, asked.own),
    time: true,
  };
  const places = (table: Table) => ({
    table: table.path,
    file: table.path,
    tsUnit: null,
    assumeSorted: false,
  });
  const work = computeFeatures(
    left.columns,
    tape === null || right === null ? null : { columns: right.columns, options: places(tape) },
    plan,
    places(trades),
  );
  const features = await runSliced(work, (progress) => job.advance(progress));
  if (tape !== null && features.tape !== null) job.warnings.push(...tapeWarnings(features.tape, tape.path));

  await job.begin('summary', 0, 'rows');
  const order: ArrayLike<number> =
    features.order ?? Int32Array.from({ length: trades.rows }, (_, row) => row);
  const regimes = regimesByRow(features, order);
  const pnl = await pnlOf(job, trades, regimes);

  await job.begin('assemble', columns.length, 'columns');
  const made = request.labelAvailableAt
    ? [...features.columns, labelAvailable(features, request, rules, trades)]
    : features.columns;
  const table = await assemble(job, columns, { trades, made, order });

  await job.begin('write', 0, 'bytes');
  const inputs = new Map([['trades' as TableName, trades]]);
  if (tape !== null) inputs.set('market_trades', tape);
  const provenance = await keyValues(request, asked, features.resolution, columns, inputs);
  const bytes = await encode(table, trades, request.compression, provenance, out);
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
    dropped: droppedOf(features.tape),
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

/** From when on the complete sets of each row are known. */
function labelAvailable(
  features: FeatureAnswer,
  { bucket }: BuildRequest,
  { regime }: SettledRules,
  trades: Table,
): MadeColumn {
  const { name } = LABEL_AVAILABLE;
  const { values, unit = 'ns' } = features.columns.find((column) => column.name === 'ts')!;
  const length = bucket.nanos / NANOS[unit];
  const known = Array.from(values as BigInt64Array, (ts, row) => {
    const at = labelAvailableAt(ts === NULL_TIME ? null : ts, length, regime);
    if (at === null || at <= MAX_TIME) return at ?? NULL_TIME;
    const message = `${trades.path}: ${name}: the bucket of row ${features.order?.[row] ?? row} ends after 64-bit times do`;
    throw new PolyfeatError('OVERFLOW', message, { file: trades.path, column: name });
  });
  return timestamps(name, unit, BigInt64Array.from(known));
}

/** The regime of every row of the input. */
function regimesByRow({ columns }: FeatureAnswer, order: ArrayLike<number>): string[] {
  const codes = columns.find(({ name }) => name === 'regime')?.values as Int8Array;
  const regimes: string[] = new Array(codes.length);
  for (let i = 0; i < codes.length; i++) regimes[order[i]!] = REGIMES[codes[i]!]!;
  return regimes;
}

function droppedOf(tape: Tape | null): BuildReport['dropped'] {
  const { nullTs, nullToken } = tape?.dropped ?? { nullTs: 0, nullToken: 0 };
  return { market_trades_null_ts: nullTs, market_trades_null_token: nullToken };
}

/** Files and folders that are read. */
function inputsOf({ trades, market_trades, clob_tob }: Snapshot): string[] {
  return [trades, market_trades, clob_tob].flatMap((table) =>
    table === null ? [] : [table.path, ...table.parts.map((part) => part.path)],
  );
}
