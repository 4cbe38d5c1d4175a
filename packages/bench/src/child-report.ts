/** What a measured program says about itself: one JSON object, the last line of its standard output. */
export interface ChildReport {
  /** Seconds of the job alone, without the start of its process. */
  readonly seconds: number | null;
  /** Milliseconds by phase. */
  readonly phases: Readonly<Record<string, number>>;
}

/**
 * Reads the report of a program: `{"seconds": …, "timings_ms": {…}}`, or phases alone with their `total`. A program
 * that says nothing has none.
 */
export function readChildReport(stdout: string): ChildReport {
  const said = lastObject(stdout);
  const inner = said['timings_ms'];
  const phases = numbersOf(isObject(inner) ? inner : without(said, 'seconds'));
  const { total, ...rest } = phases;
  const seconds = said['seconds'];
  return {
    seconds: typeof seconds === 'number' ? seconds : total === undefined ? null : total / 1000,
    phases: rest,
  };
}

function lastObject(stdout: string): Record<string, unknown> {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const without = (object: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

function numbersOf(object: Record<string, unknown>): Record<string, number> {
  const entries = Object.entries(object).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(entries);
}
