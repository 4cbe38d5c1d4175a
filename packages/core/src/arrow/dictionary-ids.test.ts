import {
  Dictionary,
  Field,
  Int32,
  makeData,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { withOwnDictionaries } from './dictionary-ids.js';
import { tableOf } from './table.js';

const words = (values: (string | null)[], id: number) =>
  vectorFromArray(values, new Dictionary(new Utf8(), new Int32(), id)) as Vector;
const idOf = ({ type }: Vector) => (type as Dictionary).id;

describe('withOwnDictionaries', () => {
  it('keeps what is alone with its number', () => {
    const columns = [
      { vector: words(['a'], 3) },
      { vector: words(['b'], 0) },
      { vector: vectorFromArray([1]) },
    ];
    expect(withOwnDictionaries(columns as never)).toEqual(columns);
  });

  it('renumbers later columns, and shares their buffers', () => {
    const columns = [words(['a', null], 0), words(['b', 'b'], 0), words(['c', 'd'], 1), words(['e', 'e'], 0)];
    const own = withOwnDictionaries(columns.map((vector) => ({ vector }))).map(({ vector }) => vector);
    expect(own.map(idOf)).toEqual([0, 2, 1, 3]);
    expect(own.map((vector) => vector.toJSON())).toEqual(columns.map((vector) => vector.toJSON()));
    own.forEach((vector, i) => {
      expect(vector.data[0]?.values).toBe(columns[i]?.data[0]?.values);
      expect(vector.data[0]?.dictionary).toBe(columns[i]?.data[0]?.dictionary);
    });
  });

  it('renumbers dictionaries inside of nested columns', () => {
    const inner = words(['x', null, 'y'], 0);
    const type = new Struct([new Field('inner', inner.type, true)]);
    const nested = new Vector([
      makeData({ type, length: 3, nullCount: 0, children: [inner.data[0]!] as never }),
    ]);
    const table = tableOf(
      [
        { name: 'plain', vector: words(['a', 'b', 'c'], 0) },
        { name: 'nested', vector: nested as Vector },
      ],
      3,
    );
    const back = tableFromIPC(tableToIPC(table, 'stream'));
    expect(back.toArray().map((row) => JSON.stringify(row))).toEqual([
      '{"plain":"a","nested":{"inner":"x"}}',
      '{"plain":"b","nested":{"inner":null}}',
      '{"plain":"c","nested":{"inner":"y"}}',
    ]);
  });
});

it('columns of two streams, which both number from 0, make one table that can be written', () => {
  const read = (values: string[]) =>
    tableFromIPC(tableToIPC(new Table({ word: words(values, 0) }), 'stream')).getChild('word') as Vector;
  const columns = ['left', 'right'].map((name, i) => ({ name, vector: read([`${i}a`, `${i}b`]) }));
  const table = tableOf(columns, 2);
  for (const format of ['stream', 'file'] as const) {
    expect(tableFromIPC(tableToIPC(table, format)).toArray().map(String)).toEqual(
      table.toArray().map(String),
    );
  }
  expect(table.getChild('right')?.toJSON()).toEqual(['1a', '1b']);
});
