import { type GenerateReport, type GenerateRequest, generateSnapshot } from '@polyfeat/core/bench';
import { type GENERATE_OPTIONS, REQUEST_OPTIONS } from '../args/bench-options.js';
import { type Io, printable } from '../io.js';
import { bytes, count, elapsed } from '../output/numbers.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { followed, printJson, printWarnings } from './shared.js';

/** `bench generate OUT`: writes a snapshot to measure with and tells what is in it. */
export async function benchGenerate(call: Call<typeof GENERATE_OPTIONS>, io: Io): Promise<number> {
  const { values } = call;
  const request = requestOf(call);
  const report = await followed(values, io, (hooks) => generateSnapshot(request, hooks));
  if (values.json) {
    printJson({ version: version(), ...report }, io);
  } else if (!values.quiet) {
    printWarnings(report.warnings, io);
    await printTables(report, io);
  }
  return 0;
}

/** What the call asks for; what it leaves open is left open. */
function requestOf({ values, positionals }: Call<typeof GENERATE_OPTIONS>): GenerateRequest {
  const names = Object.keys(REQUEST_OPTIONS) as (keyof typeof REQUEST_OPTIONS)[];
  const given = names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]);
  return { out: positionals[0] ?? '', ...Object.fromEntries(given) };
}

async function printTables(report: GenerateReport, io: Io): Promise<void> {
  const { table } = await import('../output/table.js');
  const columns = ['table', 'rows', 'columns', 'files', 'size'];
  const rows = Object.entries(report.tables).flatMap(([name, made]) =>
    made === null
      ? []
      : [[name, count(made.rows), count(made.columns), count(made.files), bytes(made.bytes)]],
  );
  const shown = table(
    columns.map((title, index) => ({ title, right: index > 0 })),
    rows,
  );
  const took = elapsed(report.timings_ms['total'] ?? 0);
  io.stdout.write(`${shown}\n\n${printable(report.out)}: written in ${took}\n`);
}
