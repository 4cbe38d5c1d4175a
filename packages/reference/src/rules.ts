/**
 * The rules of visibility as plain data. Spec section 4. What they mean is said in `visibility.ts`, what a
 * preset makes of files in `presets.ts`.
 */
import type { Direction, Tie } from './asof.js';
import { DefinitionError } from './errors.js';
import type { RegimeMode } from './regime.js';
import type { Columns, SumMode } from './rows.js';
import type { Closed } from './window.js';

/** What a trade sees of prints at its own stamp. */
export type Ties = 'include' | 'exclude' | 'sequence';

/** The flow of a token without prints. */
export type UnknownToken = 'null' | 'causal' | 'zero';

/** The columns that order rows of equal stamps, under `ties: sequence`. */
export interface SequenceColumns {
  readonly trades: string;
  readonly tape: string;
}

/** The rules of one run, resolved: nothing is left to be found out from the files. Lengths in nanoseconds. */
export interface Rules {
  readonly ties: Ties;
  readonly sequence: SequenceColumns | null;
  /** The tick of the stamps: bounds what is visible under `exclude`, and what the proof calls the same stamp. */
  readonly resolution: bigint;
  /** Time column of the tape: since when a print can be known. */
  readonly availability: string | null;
  /** A safety gap. 0: none. */
  readonly embargo: bigint;
  /** Columns of both files; a print equal in all of them is the trade itself. Empty: off. */
  readonly excludeSelf: readonly string[];
  /** The oldest last print accepted, itself included. */
  readonly maxAge: bigint | null;
  readonly tie: Tie | null;
  readonly direction: Direction;
  readonly closed: Closed;
  readonly unknownToken: UnknownToken;
  readonly regime: RegimeMode;
}

/** The notebook's rules. */
export const NOTEBOOK_RULES: Rules = {
  ties: 'include',
  sequence: null,
  resolution: 1n,
  availability: null,
  embargo: 0n,
  excludeSelf: [],
  maxAge: null,
  tie: null,
  direction: 'backward',
  closed: 'right',
  unknownToken: 'null',
  regime: 'bucket',
};

/**
 * Refuses rules that contradict each other.
 *
 * @throws DefinitionError `INVALID_OPTION`.
 */
export function checkRules(rules: Rules): void {
  const refuse = (message: string): never => {
    throw new DefinitionError('INVALID_OPTION', message);
  };
  if (rules.resolution <= 0n) refuse('resolution must be above 0');
  if (rules.embargo < 0n) refuse('embargo must not be negative');
  if (rules.maxAge !== null && rules.maxAge < 0n) refuse('maxAge must not be negative');
  if (rules.ties === 'sequence' && rules.sequence === null) {
    refuse('ties "sequence" needs the sequence columns of trades and tape');
  }
  if (rules.ties !== 'sequence' && rules.sequence !== null) {
    refuse(`sequence columns go with ties "sequence" only, not with "${rules.ties}"`);
  }
}

/**
 * Refuses rules that the notebook's numerics cannot express: differences of cumulative sums know runs of the
 * tape in its own order only, and one compensated sum per bucket knows no part of it.
 *
 * @throws DefinitionError `INVALID_OPTION`.
 */
export function checkSum(rules: Rules, sum: SumMode): void {
  if (sum === 'exact') return;
  const culprit = [
    rules.availability !== null && 'availability',
    rules.excludeSelf.length > 0 && 'excludeSelf',
    rules.ties === 'sequence' && 'ties "sequence"',
    (rules.regime === 'bucket-asof' || rules.regime === 'trailing') && `regime "${rules.regime}"`,
  ].find((name) => name !== false);
  if (culprit === undefined) return;
  throw new DefinitionError('INVALID_OPTION', `sum "notebook" cannot go with ${culprit}; use sum "exact"`);
}

/**
 * Refuses rules that name columns which the files lack.
 *
 * @throws DefinitionError `MISSING_COLUMN`.
 */
export function checkColumns(
  rules: Rules,
  trades: readonly WithColumns[],
  prints: readonly WithColumns[],
): void {
  const need = (table: string, rows: readonly WithColumns[], column: string | undefined) => {
    if (column !== undefined && !hasColumn(rows, column)) {
      throw new DefinitionError('MISSING_COLUMN', `${table} has no column "${column}"`, column);
    }
  };
  need('trades', trades, rules.sequence?.trades);
  need('market_trades', prints, rules.sequence?.tape);
  need('market_trades', prints, rules.availability ?? undefined);
  for (const column of rules.excludeSelf) {
    need('trades', trades, column);
    need('market_trades', prints, column);
  }
}

/** A row of either file, as far as its further columns go. */
export interface WithColumns {
  readonly columns?: Columns;
}

/** Whether a table has a column. One without rows is not asked: it has them all. */
export function hasColumn(rows: readonly WithColumns[], column: string): boolean {
  return (
    rows.length === 0 || rows.some((row) => row.columns !== undefined && Object.hasOwn(row.columns, column))
  );
}
