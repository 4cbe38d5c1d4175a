import type { DOCTOR_OPTIONS } from '../args/options.js';
import { gatherFacts } from '../doctor/facts.js';
import { doctorText } from '../doctor/report.js';
import type { Io } from '../io.js';
import type { Call } from './command.js';
import { printJson } from './shared.js';

/** `doctor`: exit code 1 when something is broken. */
export async function doctor({ values }: Call<typeof DOCTOR_OPTIONS>, io: Io): Promise<number> {
  const facts = await gatherFacts(values, io);
  if (values.json) printJson(facts, io);
  else io.stdout.write(`${doctorText(facts, io)}\n`);
  return facts.problems.length === 0 ? 0 : 1;
}
