/** The regime counts and the PnL table, of a run or of an existing features file. */
import { type PnlTrade, pnlTable, regimeCounts } from '@polyfeat/reference';
import { Type, type Vector } from 'apache-arrow';
import { isNumber, isText, typeText } from '../arrow/type-text.js';
import { labelName } from '../column-roles.js';
import { readMade } from '../provenance.js';
import type { Hooks, PnlRow, Summary } from '../types.js';
import { readNumbers, readTexts, requireText } from './coerce.js';
import { Job } from './job.js';
import { requireColumns, SUMMARY_NEEDED } from './snapshot.js';
import { openFile, type Table } from './table.js';

/**
 * The PnL table of a table whose rows have the `regimes`; null, with a warning, when a column for it is missing or
 * cannot be used.
 */
export async function pnlOf(job: Job, table: Table, regimes: readonly string[]): Promise<PnlRow[] | null> {
  const bad = SUMMARY_NEEDED.map((name) => whyUnusable(table, name)).filter((why) => why !== null);
  if (bad.length > 0) {
    const message = `${table.path}: ${bad.join(', ')}; the PnL table is left out`;
    job.warn('summary_columns_missing', message);
    return null;
  }
  const read = (name: string) => table.readColumn(nameIn(table, name));
  const pnl = readNumbers(await read('realized_pnl'));
  const execType = readTexts(await read('exec_type'));
  const hasKey = validity(await read('event_key'));
  return pnlTable(
    regimes.map(
      (regime, i): PnlTrade => ({
        regime,
        execType: execType[i] ?? null,
        realizedPnl: pnl[i] ?? null,
        hasEventKey: hasKey[i] === true,
      }),
    ),
  );
}

/** The name of a column: its own, or the one that a safe output gives it. */
function nameIn(table: Table, name: string): string {
  const label = labelName(name);
  return table.field(name) === undefined && table.field(label) !== undefined ? label : name;
}

function whyUnusable(table: Table, name: string): string | null {
  const type = table.field(nameIn(table, name))?.type;
  if (type === undefined) return `no column ${name}`;
  const isNull = type.typeId === Type.Null;
  if (name === 'realized_pnl' && !isNumber(type) && !isNull)
    return `${name} is ${typeText(type)}, not a number`;
  if (name === 'exec_type' && !isText(type) && !isNull) return `${name} is ${typeText(type)}, not text`;
  return null;
}

function validity(vector: Vector): boolean[] {
  return vector.data.flatMap((data) =>
    Array.from({ length: data.length }, (_, i) => data.typeId !== Type.Null && data.getValid(i)),
  );
}

/**
 * Summarizes an existing features file.
 *
 * @throws PolyfeatError `NOT_FOUND`, `MISSING_COLUMN` without `regime`, and what reading throws.
 */
export async function summarize(file: string, hooks?: Hooks): Promise<Summary> {
  const job = new Job(hooks);
  const table = await openFile(file);
  try {
    const column = nameIn(table, 'regime');
    requireColumns(table, [column]);
    requireText(table.field(column)!.type, { file, column });
    await job.begin('read', table.rows, 'rows');
    // A null regime, which no run writes, is counted under this name.
    const regimes = readTexts(await table.readColumn(column)).map((regime) => regime ?? 'null');
    job.check();
    const pnl = await pnlOf(job, table, regimes);
    job.finish();
    const made = readMade(table.parts[0]?.reader.info.schema.metadata ?? new Map());
    return { rows: table.rows, regimes: regimeCounts(regimes), pnl, made, warnings: job.warnings };
  } finally {
    await table.close();
  }
}
