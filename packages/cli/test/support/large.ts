import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeParquet } from '@polyfeat/parquet';
import {
  Dictionary,
  Int32,
  makeData,
  makeVector,
  Table,
  TimestampMillisecond,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';

/** How many rows and tokens a large snapshot has. */
export interface Size {
  trades: number;
  prints: number;
  tokens: number;
}

const START = 1_774_000_000_000;
const NOTE = 500;

/** Numbers below a bound that look random, the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function times(rows: number, next: (below: number) => number): Vector {
  const data = BigInt64Array.from({ length: rows }, () => BigInt(START + next(86_400_000))).sort();
  return makeVector(makeData({ type: new TimestampMillisecond('UTC'), length: rows, data }));
}

function doubles(rows: number, value: () => number): Vector {
  return makeVector(Float64Array.from({ length: rows }, value));
}

/** One of some texts in every row. */
function oneOf(texts: readonly string[], rows: number, pick: () => number): Vector {
  const type = new Dictionary(new Utf8(), new Int32());
  const dictionary = vectorFromArray([...texts], new Utf8());
  return makeVector(
    makeData({ type, length: rows, data: Int32Array.from({ length: rows }, pick), dictionary }),
  );
}

/** A text of its own in every row, too many for a dictionary. */
function notes(rows: number): Vector {
  const data = new Uint8Array(rows * NOTE).fill(0x2e);
  const valueOffsets = Int32Array.from({ length: rows + 1 }, (_zero, row) => row * NOTE);
  for (let row = 0; row < rows; row++) {
    for (let at = row * NOTE, rest = row + 1; rest > 0; rest = Math.floor(rest / 10))
      data[at++] = 0x30 + (rest % 10);
  }
  return makeVector(makeData({ type: new Utf8(), length: rows, valueOffsets, data }));
}

/** Writes a snapshot by column, for tests of what only shows at size. Trades have a column of long texts. */
export async function largeSnapshot(parent: string, { trades, prints, tokens }: Size): Promise<string> {
  const path = join(parent, `snapshot-of-${tokens}`);
  await mkdir(path);
  const next = random(7);
  const names = Array.from({ length: tokens }, (_zero, token) => `${10n ** 76n + BigInt(token)}`);
  const write = async (name: string, columns: Record<string, Vector>) =>
    writeFile(join(path, `${name}.parquet`), await writeParquet(new Table(columns)));
  await write('trades', {
    ts: times(trades, next),
    token_id: oneOf(names, trades, () => next(tokens)),
    market_slug: oneOf(['m', 'n', 'o'], trades, () => next(3)),
    side: oneOf(['BUY', 'SELL'], trades, () => next(2)),
    outcome: oneOf(['Up', 'Down'], trades, () => next(2)),
    size: doubles(trades, () => 1 + next(1000) / 10),
    note: notes(trades),
  });
  await write('market_trades', {
    ts: times(prints, next),
    token_id: oneOf(names, prints, () => next(tokens)),
    price: doubles(prints, () => (1 + next(99)) / 100),
    size: doubles(prints, () => 1 + next(1000) / 10),
  });
  return path;
}
