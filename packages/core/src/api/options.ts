/** The options that all functions share, and how they are read. */

import { requireThreads } from '../bounds.js';
import type { Duration } from '../duration.js';
import { requireDurations } from '../duration.js';
import { requireBoolean, requireListener, requireOneOf } from '../options.js';
import type { EngineChoice, Hooks, SumMode, TsUnit, Warning } from '../types.js';
import { type Common, type TableEngine, tableEngine } from './engine.js';

/** A length of time: a text such as `30s`, `250ms` or `5m`, or what `parseDuration` gives. */
export type DurationInput = string | Duration;

/** Options of every function. */
export interface CommonOptions {
  /** Which code computes. Default `auto`: the native one where it loads, else the TypeScript one. */
  readonly engine?: EngineChoice | undefined;
  /** The unit of integer time columns; without it they are refused. */
  readonly tsUnit?: TsUnit | null | undefined;
  /** Threads of the native engine, 1 to 1024. Default: one per core. The result is the same for any number. */
  readonly threads?: number | undefined;
  /** Is told of what is odd about the input but did not keep the result from being made. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/** What the asynchronous functions take besides. */
export interface AsyncOptions {
  /** Aborting it stops the work within tens of milliseconds; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the work is, in order, some times a second; the last event of a phase always comes. */
  readonly onProgress?: Hooks['onProgress'] | undefined;
}

/** Names of {@link CommonOptions} and {@link AsyncOptions}. */
export const COMMON = ['engine', 'tsUnit', 'threads', 'onWarning'] as const;
export const ASYNC = ['signal', 'onProgress'] as const;

const ENGINES = ['auto', 'native', 'ts'] as const;
const UNITS = ['s', 'ms', 'us', 'ns'] as const;
export const SUMS = ['exact', 'notebook'] as const satisfies readonly SumMode[];

/** The engine that the options choose. */
export function engineOf(what: string, { engine = 'auto', onWarning }: CommonOptions): TableEngine {
  requireListener(what, 'onWarning', onWarning);
  return tableEngine(requireOneOf(what, 'engine', engine, ENGINES), onWarning);
}

/** The part of a request that all have. */
export function commonOf(
  what: string,
  tables: Common['tables'],
  options: CommonOptions & { readonly assumeSorted?: boolean | undefined },
): Common {
  const { tsUnit = null, threads, assumeSorted = false } = options;
  if (tsUnit !== null) requireOneOf(what, 'tsUnit', tsUnit, UNITS);
  requireThreads(`${what}: `, threads);
  requireBoolean(what, 'assumeSorted', assumeSorted);
  requireListener(what, 'onWarning', options.onWarning);
  return { tables, tsUnit, threads: threads ?? null, assumeSorted };
}

/** The hooks among options. */
export function hooksOf({ signal, onProgress }: AsyncOptions): Hooks {
  return { ...(signal && { signal }), ...(onProgress && { onProgress }) };
}

/** A list of durations. */
export function durationsOf(what: string, name: string, given: unknown): Duration[] {
  return requireDurations(`${what}: ${name}`, given);
}

/** One duration. */
export function durationOf(what: string, name: string, given: DurationInput): Duration {
  return durationsOf(what, name, [given])[0]!;
}

/** Tells the caller of what was odd. */
export function tellWarnings({ onWarning }: CommonOptions, warnings: readonly Warning[]): void {
  if (onWarning !== undefined) for (const warning of warnings) onWarning(warning);
}
