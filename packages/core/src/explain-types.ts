/** What `explain` is asked, and what it tells. */
import type { BuildRequest, Warning } from './types.js';

/** A row of the trades, and the build that it is a row of. */
export interface ExplainRequest
  extends Pick<BuildRequest, 'snapshot' | 'returns' | 'windows' | 'bucket' | 'sum' | 'tsUnit' | 'rules'> {
  /** Row of the trades in file order, from 0. */
  row: number;
  /** How many prints or trades each list names at most: the nearest in time. */
  limit: number;
}

/** A print of the trade's token. */
export interface ExplainedPrint {
  /** Row of the tape, from 0. */
  row: number;
  /** ISO 8601, UTC; all times here are. */
  ts: string;
  /** The time of the trade less that of the print, in milliseconds: negative after the trade. */
  age_ms: number;
  price: number | null;
  size: number | null;
  /** Only with the rule `availability`: since when it could be known. */
  available_at?: string | null;
}

/** Prints that were left out for one reason. */
export interface LeftOutPrints {
  /** Several reasons are joined by commas. */
  why: string;
  prints: number;
  nearest: ExplainedPrint[];
}

/** The print that a return is taken from. */
export interface ExplainedLag {
  lag: string;
  /** The latest time that it may have, which counts or not. */
  bound: string;
  bound_included: boolean;
  print: ExplainedPrint | null;
  return: number | null;
}

/** What a window held. */
export interface ExplainedWindow {
  window: string;
  from: string;
  from_included: boolean;
  to: string;
  to_included: boolean;
  /** How many visible prints it held. */
  held: number;
  /** The columns: null where the flow of the token is unknown, or a term is missing. */
  trades: number | null;
  volume: number | null;
  notional: number | null;
  /** The prints that it held. */
  nearest: ExplainedPrint[];
  /** Visible prints that it did not hold. */
  left_out: LeftOutPrints[];
}

/** What the trade saw of the tape. */
export interface ExplainedTape {
  /** Prints of the token that have a time. */
  prints: number;
  visible: number;
  /** The time of the trade less the embargo: availability is judged then. */
  known_at: string;
  /** Where windows and lags end. */
  bound: string;
  last: {
    print: ExplainedPrint | null;
    /** Why there is none. */
    why: string | null;
    /** The print that is beyond the maximal age. */
    too_old: ExplainedPrint | null;
    /** Whether the last print is ahead of the trade. */
    ahead: boolean;
  };
  lagged: ExplainedLag[];
  windows: ExplainedWindow[];
  /** Prints of the token that the trade did not see. */
  left_out: LeftOutPrints[];
}

/** A trade of the same market. */
export interface ExplainedTrade {
  row: number;
  ts: string | null;
  /** What it bought; null: it is no BUY of Up or Down. */
  leg: 'Up' | 'Down' | null;
  size: number | null;
}

/** What counted for the complete set. */
export type ExplainedSets =
  | { mode: string; missing: string }
  | {
      mode: string;
      missing: null;
      from: string;
      /** Not included. */
      to: string;
      /** Whether only trades up to this one count. */
      up_to_own: boolean;
      held: number;
      up: { trades: number; shares: number };
      down: { trades: number; shares: number };
      nearest: ExplainedTrade[];
      left_out: { why: string; trades: number; nearest: ExplainedTrade[] }[];
    };

/** One trade explained. */
export interface ExplainReport {
  snapshot: string;
  row: number;
  /** What the file has of it, as text; `ts` as ISO 8601. */
  trade: Record<string, string | null>;
  /** The rules, with what was found out from the files; null where a rule is off. */
  rules: Record<string, unknown>;
  /** Null where the row has no columns from the tape. */
  tape: ExplainedTape | null;
  /** Why that is so. */
  tape_missing: string | null;
  sets: ExplainedSets;
  /** The columns that a build writes, without those of the proof. */
  values: Record<string, number | string | boolean | null>;
  warnings: Warning[];
}
