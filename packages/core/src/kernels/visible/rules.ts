/** The rules of visibility as the kernels take them: settled, but for what the stamps of both tables tell. Spec section 4. */
import type { Direction } from '../asof.js';
import type { Closed } from '../window-flow.js';

/** What a trade sees of prints at its own stamp. */
export type SeenTies = 'include' | 'exclude' | 'sequence';

/** Rules; lengths in nanoseconds. */
export interface Visibility {
  readonly ties: SeenTies;
  /** The tick of the stamps, above 0; null: the coarser of both tables'. */
  readonly resolution: bigint | null;
  /** Whether only prints are seen that were available. */
  readonly availability: boolean;
  readonly embargo: bigint;
  /** Whether prints of the trade's own transaction are not seen. */
  readonly excludeSelf: boolean;
  readonly maxAge: bigint | null;
  /** Null: of equal prints the one next to the moment. */
  readonly tie: 'last' | 'first' | 'error' | null;
  readonly direction: Direction;
  readonly closed: Closed;
  readonly unknownToken: 'null' | 'causal' | 'zero';
  /** Whether columns are made by which rows can be checked. */
  readonly proof: boolean;
}

/** The notebook's rules. */
export const NOTEBOOK: Visibility = {
  ties: 'include',
  resolution: null,
  availability: false,
  embargo: 0n,
  excludeSelf: false,
  maxAge: null,
  tie: null,
  direction: 'backward',
  closed: 'right',
  unknownToken: 'null',
  proof: false,
};

/** Whether the sweep without rules does. */
export function isNotebook(rules: Visibility): boolean {
  const { resolution: _, tie, ...others } = rules;
  if (tie !== null && tie !== 'last') return false;
  return Object.entries(others).every(([name, value]) => NOTEBOOK[name as keyof Visibility] === value);
}
