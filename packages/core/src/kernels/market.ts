/** The columns that the tape gives, token by token: by the notebook's rules, or by others. Spec sections 2 and 4. */
import { PolyfeatError } from '../errors.js';
import type { Axis } from './axis.js';
import { type Groups, RowSorter } from './group.js';
import { indexKeys, type KeyIndex } from './keys.js';
import { doubles, type MadeColumn, timestamps } from './made.js';
import { ROWS_PER_STEP, type Steps } from './steps.js';
import type { Coder } from './strings.js';
import { emptyMarket, type MarketColumns, Sweep, type SweepPlan } from './sweep.js';
import type { Tape } from './tape.js';
import { type TradeColumns, type TradeOptions, tradePlace } from './trades.js';
import { rowsOf } from './view.js';
import type { SeenTrades } from './visible/moment.js';
import { bySequence } from './visible/more.js';
import { emptyProof, madeProof } from './visible/proof.js';
import { isNotebook, type Visibility } from './visible/rules.js';
import { VisibleSweep } from './visible/sweep.js';
import { coarser, resolutionOf } from './visible/ticks.js';

/** The trades that ask. */
export interface Asking {
  readonly columns: TradeColumns;
  readonly axis: Axis;
  /** By token, ascending in time. */
  readonly groups: Groups;
  readonly tokens: Coder;
  /** Their transactions, where the tape's are coded by them. */
  readonly own: KeyIndex | undefined;
  readonly options: TradeOptions;
}

/** Codes the trades' transactions. */
export function ownOf(trades: TradeColumns, { table }: TradeOptions): KeyIndex {
  return indexKeys({ table, by: trades.self ?? [], rows: rowsOf(trades.ts) });
}

/** Columns of the tape, and those of the proof. */
export interface Market {
  readonly columns: MadeColumn[];
  readonly proof: MadeColumn[];
  /** The tick of the stamps in nanoseconds; null: the notebook's rules have none. */
  readonly resolution: bigint | null;
}

/**
 * Sweeps all tokens.
 *
 * @param sameCodes whether the tape's tokens have the codes of the trades' tokens.
 */
export function* marketOf(
  tape: Tape,
  sameCodes: boolean,
  asking: Asking,
  plan: SweepPlan & { readonly visibility: Visibility },
): Steps<Market> {
  const { groups, tokens, axis } = asking;
  const { visibility } = plan;
  const total = axis.steps.length;
  const out = emptyMarket(total, plan);
  const proof = visibility.proof ? emptyProof(total) : null;
  const plain = isNotebook(visibility);
  const tick = plain ? null : (visibility.resolution ?? coarser(resolutionOf(axis), tape.more.resolution));
  const { sweep, rows } =
    tick === null
      ? { sweep: new Sweep(tape, axis, plan, out), rows: groups.rows }
      : visibleSweep(tape, asking, plan, tick, out, proof);
  // Even a token without prints may have flows, and a proof.
  const all = visibility.unknownToken === 'zero' || visibility.proof;
  let next = ROWS_PER_STEP;
  for (let token = 0; token < tokens.size; token++) {
    const [from, to] = [groups.offsets[token]!, groups.offsets[token + 1]!];
    const inTape = sameCodes ? token : tokens.findIn(tape.tokens, token);
    if ((inTape < 0 && !all) || from === to) continue;
    sweep.begin(inTape, rows, from, to);
    for (let at = from; at < to; at += ROWS_PER_STEP) {
      const end = Math.min(at + ROWS_PER_STEP, to);
      sweep.fill(rows, at, end);
      if (end < next) continue;
      yield { phase: 'features', done: end, total, unit: 'rows' };
      next = end + ROWS_PER_STEP;
    }
  }
  return {
    columns: marketColumns(out, plan, tape),
    proof: proof === null ? [] : madeProof(proof, tape, visibility),
    resolution: tick,
  };
}

function visibleSweep(
  tape: Tape,
  { columns, axis, groups, own, options }: Asking,
  plan: SweepPlan & { readonly visibility: Visibility },
  tick: bigint,
  out: MarketColumns,
  proof: ReturnType<typeof emptyProof> | null,
): { sweep: VisibleSweep; rows: Int32Array } {
  const { visibility } = plan;
  const { more } = tape;
  if (visibility.availability && more.availability === null) missing('availability', options);
  let places: Float64Array | null = null;
  if (visibility.ties === 'sequence') {
    if (more.sequence === null || columns.sequence === undefined) missing('sequence', options);
    places = more.sequence!.ofTrades(columns.sequence!, tradePlace(options, columns.sequence!.name));
  }
  let codes: Int32Array | null = null;
  if (visibility.excludeSelf) {
    if (more.own === null || columns.self === undefined) missing('excludeSelf', options);
    const keys = { table: options.table, by: columns.self!, rows: rowsOf(columns.ts) };
    codes = own?.codes ?? more.ownIndex!.find(keys);
  }
  const trades: SeenTrades = { axis, places, own: codes, place: tradePlace(options, columns.ts.name) };
  const ordered = visibility.ties === 'sequence' ? bySequence(tape) : tape;
  return {
    sweep: new VisibleSweep(ordered, trades, plan, visibility, tick, out, proof),
    rows: places === null ? groups.rows : byPlace(groups, axis, places),
  };
}

function missing(rule: string, { table, file }: TradeOptions): never {
  throw new PolyfeatError(
    'MISSING_COLUMN',
    `${table}: ${rule} needs a column that was not given; give it to both tables, or leave ${rule} out`,
    { file },
  );
}

/** The rows of every token by (time, place): in the order in which what they see grows. */
function byPlace({ rows, offsets }: Groups, { steps }: Axis, places: Float64Array): Int32Array {
  const result = rows.slice();
  const sorter = new RowSorter();
  for (let token = 0; token + 1 < offsets.length; token++) {
    const end = offsets[token + 1]!;
    for (let start = offsets[token]!; start < end; ) {
      let past = start + 1;
      while (past < end && steps[result[past]!] === steps[result[start]!]) past++;
      sorter.sort(result, start, past, places);
      start = past;
    }
  }
  return result;
}

function marketColumns(market: MarketColumns, { returns, windows }: SweepPlan, { unit }: Tape): MadeColumn[] {
  return [
    doubles('mt_last_price', market.lastPrice),
    timestamps('mt_last_ts', unit, market.lastTs),
    doubles('mt_last_age_ms', market.lastAge),
    ...returns.map(({ label }, k) => doubles(`mt_return_${label}`, market.returns[k]!)),
    ...windows.flatMap(({ label }, k) => [
      doubles(`mt_trades_${label}`, market.counts[k]!),
      doubles(`mt_volume_${label}`, market.volumes[k]!),
      doubles(`mt_notional_${label}`, market.notionals[k]!),
    ]),
  ];
}
