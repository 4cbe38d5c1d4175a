/**
 * Presets. Spec section 4: named sets of rules, and how what they leave open follows from the files. It is
 * resolved once, from the whole files; a run over a part of them takes the same resolved rules.
 */
import type { Direction, Tie } from './asof.js';
import { DefinitionError } from './errors.js';
import type { RegimeMode } from './regime.js';
import { columnValue, type Print, type Trade } from './rows.js';
import {
  checkColumns,
  checkRules,
  hasColumn,
  type Rules,
  type SequenceColumns,
  type Ties,
  type UnknownToken,
  type WithColumns,
} from './rules.js';
import { NANOS } from './time.js';
import type { Closed } from './window.js';

/** The names of the presets. */
export type PresetName = 'notebook' | 'strict' | 'live';

/** Rules as they are asked for. What is left out follows from the preset; `none` switches off what it has. */
export interface GivenRules {
  readonly ties?: Ties;
  readonly sequence?: SequenceColumns;
  readonly resolution?: bigint | 'auto';
  readonly availability?: string;
  readonly embargo?: bigint | 'none';
  /** Names of columns; `auto`: the first of {@link SELF_COLUMNS} that both files have with values. */
  readonly excludeSelf?: readonly string[] | 'auto' | 'none';
  readonly maxAge?: bigint | 'none';
  readonly tie?: Tie;
  readonly direction?: Direction;
  /** Without it `forward` and `nearest` are refused. */
  readonly allowLookahead?: boolean;
  readonly closed?: Closed;
  readonly unknownToken?: UnknownToken;
  readonly regime?: RegimeMode;
}

/** The presets, as what they ask for beyond the notebook's rules. */
export const PRESETS: Readonly<Record<PresetName, GivenRules>> = {
  notebook: {},
  strict: { ties: 'exclude', excludeSelf: 'auto', unknownToken: 'causal', regime: 'bucket-asof' },
  live: {
    ties: 'exclude',
    excludeSelf: 'auto',
    unknownToken: 'causal',
    regime: 'bucket-asof',
    availability: 'captured_at',
  },
};

/** Columns that tell which prints are the trade itself, the best first. */
export const SELF_COLUMNS: readonly string[] = ['transaction_hash', 'event_key'];

/** Something the user should know about the rules. */
export interface RulesWarning {
  readonly code: 'lookahead' | 'no_self_column';
  readonly message: string;
}

/** Rules, and what there is to say about them. */
export interface ResolvedRules {
  readonly rules: Rules;
  readonly warnings: readonly RulesWarning[];
}

/**
 * The rules of a run: a preset, single rules beside it (these win), and the files for what is left open.
 *
 * @throws DefinitionError `INVALID_OPTION` for rules that contradict each other, or a direction that looks ahead
 *   without `allowLookahead`; `MISSING_COLUMN` when a file lacks a column that a rule names.
 * @example
 * ```ts
 * resolveRules('strict', { regime: 'trailing' }, trades, prints).rules.resolution; // 1000000000n: whole seconds
 * ```
 */
export function resolveRules(
  preset: PresetName,
  given: GivenRules,
  trades: readonly Trade[],
  prints: readonly Print[],
): ResolvedRules {
  const asked: GivenRules = { ...PRESETS[preset], ...given };
  const direction = asked.direction ?? 'backward';
  if (direction !== 'backward' && asked.allowLookahead !== true) {
    throw new DefinitionError(
      'INVALID_OPTION',
      `direction "${direction}" looks ahead; say allowLookahead if that is meant`,
    );
  }
  // Columns of a sequence without a word on ties can only mean that they decide them.
  const ties = given.ties ?? (given.sequence === undefined ? asked.ties : 'sequence') ?? 'include';
  const resolution = asked.resolution ?? 'auto';
  const self = selfColumns(asked.excludeSelf ?? 'none', trades, prints);
  const rules: Rules = {
    ties,
    sequence: asked.sequence ?? null,
    resolution: resolution === 'auto' ? autoResolution(trades, prints) : resolution,
    availability: orOff(asked.availability) ?? null,
    embargo: orOff(asked.embargo) ?? 0n,
    excludeSelf: self ?? [],
    maxAge: orOff(asked.maxAge) ?? null,
    tie: asked.tie ?? null,
    direction,
    closed: asked.closed ?? (ties === 'exclude' ? 'left' : 'right'),
    unknownToken: asked.unknownToken ?? 'null',
    regime: asked.regime ?? 'bucket',
  };
  checkRules(rules);
  checkColumns(rules, trades, prints);
  const warnings: RulesWarning[] = [];
  if (self === null) {
    const message = `no column of ${SELF_COLUMNS.join(', ')} has values in both files: a trade's own prints are not left out`;
    warnings.push({ code: 'no_self_column', message });
  }
  if (preset !== 'notebook') {
    for (const rule of lookingAhead(rules)) {
      warnings.push({
        code: 'lookahead',
        message: `${rule} looks ahead, which the preset ${preset} does not`,
      });
    }
  }
  return { rules, warnings };
}

/** The rules that let something into a row that may have happened, or been known, only after it. */
export function lookingAhead(rules: Rules): string[] {
  const found: string[] = [];
  if (rules.ties === 'include') found.push('ties "include"');
  if (rules.direction !== 'backward') found.push(`direction "${rules.direction}"`);
  if (rules.unknownToken === 'null') found.push('unknownToken "null"');
  if (rules.regime === 'bucket') found.push('regime "bucket"');
  return found;
}

/**
 * The resolution of two files: the coarser of theirs, each being the coarsest of 1 s, 1 ms, 1 us, 1 ns that all
 * stamps of the file are multiples of. A file without stamps says nothing; two such: 1 ns.
 */
export function autoResolution(trades: readonly Stamped[], prints: readonly Stamped[]): bigint {
  const a = resolutionOf(trades) ?? 1n;
  const b = resolutionOf(prints) ?? 1n;
  return a > b ? a : b;
}

/** A row of either file, as far as its time goes. */
export interface Stamped {
  readonly ts: bigint | null;
}

function resolutionOf(rows: readonly Stamped[]): bigint | null {
  const stamps = rows.flatMap(({ ts }) => (ts === null ? [] : [ts]));
  if (stamps.length === 0) return null;
  const units = [NANOS.s, NANOS.ms, NANOS.us, NANOS.ns];
  return units.find((unit) => stamps.every((ts) => ts % unit === 0n)) ?? 1n;
}

/** The columns that tell own prints; null when they were to be found and none is there. */
function selfColumns(
  asked: readonly string[] | 'auto' | 'none',
  trades: readonly WithColumns[],
  prints: readonly WithColumns[],
): readonly string[] | null {
  if (asked === 'none') return [];
  if (asked !== 'auto') return asked;
  const hasValues = (rows: readonly WithColumns[], column: string) =>
    hasColumn(rows, column) && rows.some((row) => columnValue(row, column) !== null);
  const column = SELF_COLUMNS.find((name) => hasValues(trades, name) && hasValues(prints, name));
  return column === undefined ? null : [column];
}

function orOff<T>(value: T | 'none' | undefined): T | undefined {
  return value === 'none' ? undefined : (value as T | undefined);
}
