import type { Arm } from '../arm.js';
import type { TableSizes } from '../tables.js';
import { child, tooManyForRows } from './ours.js';

/** More than this is not made in a child's memory. */
const MOST_PRINTS = 20_000_000;

/**
 * The three arms that compute in memory, Arrow in and Arrow out, on tables of a snapshot's size. Their time is that
 * of the call; its part inside of the computing code is the phase `compute`, the rest the phase `boundary`.
 */
export function computeArms(sizes: TableSizes, threads: number): Arm[] {
  const arm = (engine: string, title: string, own: number, unavailable?: string): Arm => ({
    ...{ id: `compute-${engine}`, title, group: 'compute', threads: own, timed: 'job', family: 'compute' },
    ...(unavailable !== undefined && { unavailable }),
    call: (out, checking) => child('compute', { engine, ...sizes, threads: own, ...(checking && { out }) }),
  });
  const tooLarge =
    sizes.prints > MOST_PRINTS
      ? `tables of ${sizes.prints.toLocaleString('en-US')} prints are not made in memory`
      : undefined;
  return [
    arm('native', 'native through N-API', threads, tooLarge),
    arm('ts', 'TypeScript over typed arrays', 1, tooLarge),
    arm('rows', 'TypeScript over row objects', 1, tooManyForRows(sizes.prints)),
  ];
}
