import type { Progress } from '@polyfeat/core';
import { bytes, count, elapsed } from './numbers.js';

/** One phase at work. */
export interface Phase {
  progress: Progress;
  /** When it began, by `performance.now()`. */
  began: number;
  /** For the how-manieth time it runs, from 1. */
  pass: number;
}

const BAR_WIDTH = 24;
const NAME_WIDTH = 16;
/** A rate from less time than this is noise. */
const RATE_AFTER_MS = 100;

/**
 * One line: phase, bar, share, done of total in the phase's unit, rate per second, time left.
 * A phase that is done shows the rate it had and no time left.
 */
export function progressLine({ progress, began, pass }: Phase, now: number): string {
  const { phase, done, total, unit } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.floor(share * BAR_WIDTH);
  const name = pass > 1 ? `${phase} (pass ${pass})` : phase;
  const amount = unit === 'bytes' ? bytes : count;
  const suffix = unit === 'bytes' ? '' : ` ${unit}`;
  const parts = [
    `${name.padEnd(NAME_WIDTH)} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${amount(done)} / ${amount(total)}${suffix}`,
  ];
  const ms = now - began;
  if (ms >= RATE_AFTER_MS && done > 0) {
    parts.push(`${amount(Math.round((1000 * done) / ms))}${suffix}/s`);
    if (done < total) parts.push(`${elapsed((ms * (total - done)) / done)} left`);
  }
  return parts.join('  ');
}
