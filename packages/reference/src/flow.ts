/**
 * Flow. Spec sections 2 and 3: how many prints a window holds, their volume (sum of size) and their notional
 * (sum of price * size, each product rounded to a double before it is summed).
 */
import { orNull, type Print, type SumMode, term } from './rows.js';
import { type RunningSum, runningSum } from './sum.js';
import type { Run } from './window.js';

/** The flow of one window. A print without size still counts, and makes the sums null. */
export interface Flow {
  readonly trades: number | null;
  readonly volume: number | null;
  readonly notional: number | null;
}

/** The flow of any run of the prints of one token. */
export interface TokenFlow {
  of(run: Run): Flow;
}

/**
 * Prepares the flow of one token.
 *
 * @param prints of the token, in the order (ts, row in the file).
 */
export function tokenFlow(prints: readonly Print[], mode: SumMode): TokenFlow {
  const sizes = prints.map((print) => term(print.size));
  const volume: RunningSum = runningSum(mode, sizes);
  const notional: RunningSum = runningSum(
    mode,
    prints.map((print) => term(print.price) * term(print.size)),
  );
  return {
    of: ({ start, end }) => ({
      trades: end - start,
      volume: orNull(volume.between(start, end)),
      notional: orNull(notional.between(start, end)),
    }),
  };
}

/** The flow where nothing is known of the token. */
export const NO_FLOW: Flow = { trades: null, volume: null, notional: null };

/** The flow of nothing. */
export const EMPTY_FLOW: Flow = { trades: 0, volume: 0, notional: 0 };
