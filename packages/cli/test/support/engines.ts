import { cli } from './cli.js';

/** An engine by its name on the command line. */
export type EngineName = 'native' | 'ts';

async function isAvailable(engine: EngineName): Promise<boolean> {
  const { stderr } = await cli(['inspect', 'no/such/snapshot', '--engine', engine, '--json']);
  const { code } = (JSON.parse(stderr) as { error: { code: string } }).error;
  return code !== 'NATIVE_UNAVAILABLE';
}

export const nativeAvailable = await isAvailable('native');

/** The engines of this machine: every end-to-end test runs once with each. */
export const engines: readonly EngineName[] = nativeAvailable ? ['native', 'ts'] : ['ts'];

if (!nativeAvailable) console.warn('no native binary: end-to-end tests run with the TypeScript engine only');
