import { MAX_FILE_BYTES, MAX_ROWS } from '@polyfeat/parquet';
import type { Arm, Group } from '../arm.js';
import { childFile } from '../paths.js';
import type { Snapshot } from '../snapshot.js';

/** A program of this package. */
export const child = (name: string, job: unknown) => ({
  command: process.execPath,
  args: [childFile(name), JSON.stringify(job)],
});

/** How the native engine builds; what is left out is as `buildSnapshot` has it. */
interface Variant {
  readonly id: string;
  readonly title: string;
  readonly threads: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly family?: string;
}

/** The native engine, from files to a file. */
export function nativeArm(
  { folder }: Snapshot,
  { id, title, threads, options, family = 'token' }: Variant,
): Arm {
  return {
    ...{ id, title, group: 'ours', threads, timed: 'process', family },
    call: (out) => child('build', { snapshot: folder, out, engine: 'native', threads, ...options }),
  };
}

/** The native engine in both row orders with all threads, and variants: other sums, a codec, threads, memory. */
export function nativeArms(snapshot: Snapshot, threads: readonly number[], memory: readonly Memory[]): Arm[] {
  const most = threads.at(-1)!;
  const arm = (variant: Omit<Variant, 'threads'> & { threads?: number }) =>
    nativeArm(snapshot, { threads: most, ...variant });
  const input = { order: 'input' };
  return [
    arm({ id: 'token', title: 'native, token order' }),
    arm({ id: 'input', title: 'native, input order', options: input, family: 'input' }),
    arm({ id: 'token-notebook', title: 'native, notebook sums', options: { sum: 'notebook' } }),
    arm({ id: 'token-snappy', title: 'native, Snappy', options: { compression: 'snappy' } }),
    ...threads.slice(0, -1).flatMap((n) => [
      arm({ id: `token-${n}`, title: `native, token order, ${threadsText(n)}`, threads: n }),
      arm({
        ...{ id: `input-${n}`, title: `native, input order, ${threadsText(n)}`, threads: n },
        ...{ options: input, family: 'input' },
      }),
    ]),
    ...memory.map(({ text, bytes }) =>
      arm({
        id: `memory-${text}`,
        title: `native, token order, at most ${text}`,
        options: { memory: bytes },
      }),
    ),
  ];
}

/** A bound of memory as it was given. */
export interface Memory {
  readonly text: string;
  readonly bytes: number;
}

export const threadsText = (n: number) => (n === 1 ? '1 thread' : `${n} threads`);

/** Row objects take hundreds of bytes each, and Node's heap is 4 GB at most unless it is told otherwise. */
const MOST_ROW_OBJECTS = 2_000_000;

/** TypeScript from files to a file: over typed arrays, and over row objects. */
export function typescriptArms(snapshot: Snapshot): Arm[] {
  const tooLarge = unfitForWasm(snapshot);
  const tooMany = tooManyForRows(snapshot.prints);
  const arm = (id: string, title: string, family: string, call: Arm['call'], unavailable?: string): Arm => ({
    ...{ id, title, group: 'typescript' satisfies Group, threads: 1, timed: 'process', family, call },
    ...(unavailable !== undefined && { unavailable }),
  });
  const job = (out: string) => ({ snapshot: snapshot.folder, out });
  return [
    arm(
      ...(['typed-arrays', 'TypeScript over typed arrays, token order', 'token'] as const),
      (out) => child('build', { ...job(out), engine: 'ts' }),
      tooLarge,
    ),
    arm(
      ...(['row-objects', 'TypeScript over row objects, input order', 'input'] as const),
      (out) => child('row-objects', job(out)),
      tooMany ?? tooLarge,
    ),
  ];
}

/** Why parquet-wasm cannot read a snapshot. */
function unfitForWasm({ files }: Snapshot): string | undefined {
  const large = files.find(({ bytes, rows }) => bytes > MAX_FILE_BYTES || rows > MAX_ROWS);
  if (large === undefined) return undefined;
  const size = `${(large.bytes / 1e6).toFixed(0)} MB and ${large.rows.toLocaleString('en-US')} rows`;
  const limits = `${MAX_FILE_BYTES / 1e6} MB and ${MAX_ROWS.toLocaleString('en-US')}`;
  return `${large.name} has ${size}, and WebAssembly's 32-bit memory holds ${limits}`;
}

/** Why so many prints cannot be row objects. */
export function tooManyForRows(prints: number): string | undefined {
  if (prints <= MOST_ROW_OBJECTS) return undefined;
  return `${prints.toLocaleString('en-US')} row objects do not fit Node's heap`;
}
