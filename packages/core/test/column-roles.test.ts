import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLUMN_ROLES, columnRole } from '../src/column-roles.js';
import type { Engine } from '../src/types.js';
import { engines } from './support/engines.js';
import { bundled } from './support/goldens.js';
import { goldenTrades, numbers, scratch, writeSnapshot } from './support/snapshot.js';

const folder = await scratch();

const columnsOf = async (engine: Engine, snapshot: string) => {
  const { tables } = await engine.inspect(snapshot, null);
  return tables.find(({ table }) => table === 'trades')!.columns;
};

// Each engine has its own table of them: here they are held together.
describe.each([...engines])('the roles of columns by $name', (engine) => {
  it.each([...bundled])('are those of this table for every column of $name', async ({ snapshot }) => {
    const columns = await columnsOf(engine, snapshot);
    expect(columns.map(({ name }) => name)).toEqual(Object.keys(COLUMN_ROLES));
    expect(Object.fromEntries(columns.map(({ name, role, why }) => [name, { role, why }]))).toEqual(
      COLUMN_ROLES,
    );
  });

  it('are unknown for other columns, but for labels of a safe output', async () => {
    const snapshot = await writeSnapshot(join(folder, engine.name), {
      trades: {
        ...goldenTrades(),
        toString: numbers([1, 2, 3, 4]),
        label_mid: numbers([1, 2, 3, 4]),
        label_settle_price: numbers([1, 2, 3, 4]),
      },
    });
    const columns = (await columnsOf(engine, snapshot)).slice(-3);
    expect(columns.map(({ name, role, why }) => [name, role, why])).toEqual([
      ['toString', 'unknown', 'not a column of the recorder'],
      ['label_mid', 'unknown', 'not a column of the recorder'],
      ['label_settle_price', 'label', 'how the market ended'],
    ]);
  });
});

it('are known before, with or after the trade, or label it', () => {
  expect(['title', 'price', 'mid', 'realized_pnl', 'mine'].map((name) => columnRole(name).role)).toEqual([
    'before',
    'trade',
    'after',
    'label',
    'unknown',
  ]);
});
