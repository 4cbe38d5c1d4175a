import type { CompareReport } from '@polyfeat/core/snapshot';
import type { Check } from './arm.js';
import { failure, measure } from './measure.js';
import { childFile } from './paths.js';

/**
 * Compares an output with ours, in a process of its own. Values are compared, not encodings. Peers add up in another
 * order, so sums may differ in their last digits: at most by 1e-9 of the sum, or by what running totals of 1e8 lose.
 *
 * @returns how many rows differ; a reason when the files cannot be compared row by row.
 */
export async function compareOutputs(reference: string, out: string): Promise<Check | { reason: string }> {
  const measured = await measure({
    command: process.execPath,
    args: [childFile('compare'), reference, out],
  });
  if (measured.code !== 0) return { reason: `its output cannot be compared: ${failure(measured)}` };
  return checkOf(JSON.parse(measured.stdout) as CompareReport);
}

/** What a comparison means for an arm. Columns that only the arm has do not matter. */
export function checkOf(report: CompareReport): Check | { reason: string } {
  const [ours, theirs] = report.rows;
  if (ours !== theirs) return { reason: `its output has ${theirs} rows in place of ${ours}` };
  if (report.only_in_a.length > 0) return { reason: `its output lacks ${report.only_in_a.join(', ')}` };
  return {
    rows: ours,
    wrong_rows: Math.max(0, ...report.differences.map(({ rows }) => rows)),
    columns: report.differences.map(({ column }) => column),
  };
}
