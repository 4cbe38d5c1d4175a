import { join } from 'node:path';
import { PolyfeatError } from '@polyfeat/core/snapshot';
import { measure } from './measure.js';
import type { StartUp } from './results.js';

/** What start-up is measured with. */
export interface StartUpRequest {
  /** The launcher of the command line. */
  readonly launcher: string;
  /** A small snapshot. */
  readonly snapshot: string;
}

/**
 * Whole processes where starting them is most of the work: Node alone, and a build of a small snapshot.
 *
 * @throws PolyfeatError `IO` when the build fails.
 */
export async function measureStartUp(
  { launcher, snapshot }: StartUpRequest,
  folder: string,
  rounds: number,
): Promise<StartUp> {
  const out = join(folder, 'small.parquet');
  const [node, build]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3 * rounds; round++) {
    node.push((await measure({ command: process.execPath, args: ['-e', '0'] })).wall);
    const args = [launcher, 'build', snapshot, '-o', out, '--quiet'];
    const { code, wall, stderr } = await measure({ command: process.execPath, args });
    if (code !== 0) throw new PolyfeatError('IO', `${snapshot} could not be built: ${stderr.trim()}`);
    build.push(wall);
  }
  return { node, build };
}
