import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ArmResult } from './arm.js';
import { packageFile } from './paths.js';
import type { SnapshotFile } from './snapshot.js';

/** What the machine is that was measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_bytes: number;
  readonly system: string;
}

/** How it was measured. */
export interface Method {
  readonly rounds: number;
  readonly patience_s: number;
  readonly threads: readonly number[];
  /** How processor time and memory were taken. */
  readonly measured_by: string;
}

/** What was measured on one snapshot. */
export interface SnapshotResult {
  readonly name: string;
  readonly trades: number;
  readonly prints: number;
  /** Null: not counted. */
  readonly tokens: number | null;
  readonly files: readonly SnapshotFile[];
  readonly arms: readonly ArmResult[];
}

/** How the time grows with one thing, everything else being fixed. */
export interface ScalingResult {
  readonly of: 'prints' | 'trades' | 'tokens' | 'windows' | 'threads';
  /** What was fixed, for people. */
  readonly fixed: string;
  readonly points: readonly ScalingPoint[];
}

/** The runs with one amount. */
export interface ScalingPoint {
  readonly amount: number;
  /** Seconds of the job, without the process's start. */
  readonly seconds: readonly number[];
  readonly cpu: readonly (number | null)[];
}

/** Whole processes where starting them is most of the work: their seconds. */
export interface StartUp {
  readonly node: readonly number[];
  readonly build: readonly number[];
}

/** A run of the benchmark, as it is written down. `results.schema.json` says the same. */
export interface Results {
  readonly schema: 1;
  /** ISO 8601, UTC. */
  readonly measured_at: string;
  /** What repeats it. */
  readonly command: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly method: Method;
  readonly snapshots: readonly SnapshotResult[];
  readonly scaling: readonly ScalingResult[];
  readonly start_up: StartUp | null;
}

/**
 * Reads results that were written as JSON.
 *
 * @param text the file's text
 * @param name how messages call it
 * @throws Error, one line, when it is no JSON or not what the schema says: where, and what is wrong there.
 */
export function readResults(text: string, name: string): Results {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const schema = JSON.parse(readFileSync(packageFile('results.schema.json'), 'utf8'));
  const validate = new Ajv2020({ allErrors: false }).compile<Results>(schema);
  if (validate(value)) return value;
  const [first] = validate.errors ?? [];
  const extra = first?.params['additionalProperty'];
  const what = `${first?.message ?? 'is wrong'}${extra === undefined ? '' : ` (${extra})`}`;
  throw new Error(`${name}: ${first?.instancePath || 'the whole'} ${what}; run the benchmark again`);
}
