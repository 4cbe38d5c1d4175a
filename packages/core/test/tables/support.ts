/** Small tables for the tests of the functions on tables. */
import {
  Table as ArrowTable,
  Float64,
  type Table,
  TimeUnit,
  tableFromArrays,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { tableEngine } from '../../src/api/engine.js';
import { PolyfeatError } from '../../src/errors.js';
import '../../src/index.js';
import { stamps } from '../support/columns.js';

/** The engines of this machine. */
export const engines: readonly ('ts' | 'native')[] = (() => {
  try {
    tableEngine('native');
    return ['ts', 'native'];
  } catch (error) {
    if (error instanceof PolyfeatError && error.code === 'NATIVE_UNAVAILABLE') {
      console.warn(`skipped: the native engine on tables (${error.message})`);
      return ['ts'];
    }
    throw error;
  }
})();

const seconds = (values: readonly (number | null)[]) =>
  stamps(
    values.map((value) => (value === null ? null : BigInt(value) * 1000n)),
    TimeUnit.MILLISECOND,
    'UTC',
  );
const texts = (values: readonly (string | null)[]) => vectorFromArray(values, new Utf8());
const numbers = (values: readonly (number | null)[]) => vectorFromArray(values, new Float64());

/** The tables of spec section 5: A at 100, 400 and 5, B at 100. */
export const golden = {
  trades: new ArrowTable({
    ts: seconds([100, 400, 5, 100]),
    token_id: texts(['A', 'A', 'A', 'B']),
    market_slug: texts(['m', 'm', 'm', 'm']),
    side: texts(['BUY', 'BUY', 'BUY', 'SELL']),
    outcome: texts(['Up', 'Up', 'Down', 'Up']),
    size: numbers([1, 2, 3, 4]),
  }),
  tape: new ArrowTable({
    ts: seconds([40, 41, 70, 100, 100]),
    token_id: texts(['A', 'A', 'A', 'A', 'A']),
    price: numbers([0.4, 0.41, 0.45, 0.5, 0.52]),
    size: numbers([1, 2, 16, 4, 8]),
  }),
};

/** The buys of spec section 5. */
export const buys = new ArrowTable({
  ts: seconds([0, 3, 9, 10]),
  market_slug: texts(['m', 'm', 'm', 'm']),
  side: texts(['BUY', 'BUY', 'BUY', 'BUY']),
  outcome: texts(['Up', 'Down', 'Up', 'Down']),
  size: numbers([5, 3, 1, 2]),
});

/** The rows of a table as plain objects; times as apache-arrow gives them. */
export function rowsOf(table: unknown): Record<string, unknown>[] {
  const { numRows, schema, getChildAt } = table as Table;
  const columns = schema.fields.map(({ name }, i) => [name, getChildAt.call(table, i)] as const);
  return Array.from({ length: numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column?.get(row) ?? null])),
  );
}

export { tableFromArrays };
