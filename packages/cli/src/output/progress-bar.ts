import type { Progress } from '@polyfeat/core/snapshot';
import cliProgress, { type Params, type SingleBar } from 'cli-progress';
import type { Out } from '../io.js';
import { bytes, count, elapsed } from './numbers.js';

/** What the bar is told of a phase, beside its numbers. */
export interface PhaseText {
  /** The phase, and which pass of it. */
  name: string;
  unit: Progress['unit'];
  /** What was done when the bar first showed it. */
  from: number;
}

const NAME_WIDTH = 16;
/** A rate from less time than this is noise. */
const RATE_AFTER_MS = 100;

/** How often a phase at work writes a line where there is no terminal. */
const LINE_EVERY_MS = 500;

/** A bar of cli-progress: one line of a terminal, or lines now and then in a log. */
export function progressBar(stream: Out): SingleBar<PhaseText> {
  return new cliProgress.SingleBar({
    stream,
    format,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // Often enough to seem alive, seldom enough to be read.
    fps: 5,
    // Events of some seconds: the time left follows the pace, and does not jump.
    etaBuffer: 50,
    etaAsynchronousUpdate: true,
    clearOnComplete: true,
    // A hidden cursor, or wrapping switched off, would outlive a kill.
    hideCursor: false,
    linewrap: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
  });
}

/**
 * One line: phase, bar, share, done of total in the phase's unit, rate per second, time left.
 * A phase that is done shows the rate it had and no time left.
 */
function format(options: object, params: Params, { name, unit, from }: PhaseText): string {
  const { progress, value, total, startTime, eta, maxWidth } = params;
  const amount = unit === 'bytes' ? bytes : count;
  const suffix = unit === 'bytes' ? '' : ` ${unit}`;
  const share = String(Math.floor(progress * 100)).padStart(3);
  const parts = [
    `${name.padEnd(NAME_WIDTH)} ${cliProgress.Format.BarFormat(progress, options)} ${share} %`,
    `${amount(value)} / ${amount(total)}${suffix}`,
  ];
  const ms = Date.now() - startTime;
  if (ms >= RATE_AFTER_MS && value > from) {
    parts.push(`${amount(Math.round((1000 * (value - from)) / ms))}${suffix}/s`);
    if (value < total && typeof eta === 'number') parts.push(`${elapsed(1000 * eta)} left`);
  }
  // A line that wraps, or fills the last column, would leave a part behind at the next drawing.
  return parts.join('  ').slice(0, maxWidth - 1);
}
