/** Whether both engines make the same of a request. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import { Float, type Float64 } from 'apache-arrow';
import { typeText } from '../../src/arrow/type-text.js';
import { PolyfeatError } from '../../src/errors.js';
import type { BuildReport, BuildRequest, Engine } from '../../src/types.js';
import { bothEngines } from './engines.js';

type Outcome = { report: BuildReport } | { error: PolyfeatError };

async function outcome(engine: Engine, request: BuildRequest): Promise<Outcome> {
  try {
    return { report: await engine.build(request) };
  } catch (error) {
    if (error instanceof PolyfeatError) return { error };
    throw error;
  }
}

/** The parts of a report that say something about the data; of warnings the codes, since each engine words its own. */
function facts(report: BuildReport) {
  const { rows, columns, tables, regimes, pnl, dropped, warnings } = report;
  return { rows, columns, tables, regimes, pnl, dropped, warnings: warnings.map(({ code }) => code).sort() };
}

/** What an error says to a program. */
function errorFacts({ code, file, column, row }: PolyfeatError) {
  return { code, file, column, row };
}

/** Doubles bit for bit: to `compare` 0 and -0 are the same. */
async function doubles(path: string): Promise<Map<string, number[]>> {
  const file = await openParquet(await readFile(path));
  const columns = new Map<string, number[]>();
  for (const { name, type } of file.info.schema.fields) {
    if (!(type instanceof Float) || typeText(type) !== 'double') continue;
    const vector = await file.readColumn(name);
    columns.set(
      name,
      vector.data.flatMap((data) =>
        Array.from({ length: data.length }, (_, i) =>
          data.getValid(i) ? ((data.values as Float64['TArray'])[i] as number) : Number.NaN,
        ),
      ),
    );
  }
  file.close();
  return columns;
}

async function differingBits(a: string, b: string): Promise<string[]> {
  const [left, right] = [await doubles(a), await doubles(b)];
  return [...left].flatMap(([name, values]) => {
    const row = values.findIndex((value, i) => !Object.is(value, right.get(name)?.[i]));
    return row < 0 ? [] : [`${name}, row ${row}: ${values[row]} and ${right.get(name)?.[row]}`];
  });
}

/**
 * Runs a request by both engines, each into a file of its own that is gone afterwards.
 *
 * @returns where they disagree: in an error, a fact of the report, a column, a value, the sign of a zero.
 */
export async function disagreements(request: BuildRequest, folder: string): Promise<unknown[]> {
  const { native, ts } = bothEngines();
  const [a, b] = [join(folder, 'native.parquet'), join(folder, 'ts.parquet')];
  const one = await outcome(native, { ...request, out: a });
  const other = await outcome(ts, { ...request, out: b });
  if ('error' in one || 'error' in other) {
    const said = [one, other].map((o) => ('error' in o ? errorFacts(o.error) : 'no error'));
    if (JSON.stringify(said[0]) === JSON.stringify(said[1])) return [];
    return [one, other].map((o) => ('error' in o ? `${o.error.code}: ${o.error.message}` : 'no error'));
  }
  const found: unknown[] = [];
  const [here, there] = [facts(one.report), facts(other.report)];
  for (const key of Object.keys(here) as (keyof typeof here)[]) {
    const pair = [here[key], there[key]].map((fact) => JSON.stringify(fact));
    if (pair[0] !== pair[1]) found.push(`report.${key}: ${pair.join(' and ')}`);
  }
  const compared = await ts.compare({ a, b, rtol: 0, atol: 0, key: [] });
  if (!compared.equal || compared.order_differs) found.push(compared);
  else found.push(...(await differingBits(a, b)));
  await Promise.all([rm(a), rm(b)]);
  return found;
}
