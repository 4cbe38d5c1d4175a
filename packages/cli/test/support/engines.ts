import { cli } from './cli.js';

/** An engine by its name on the command line. */
export type EngineName = 'native' | 'ts';

async function isAvailable(engine: EngineName): Promise<boolean> {
  const { stderr } = await cli(['inspect', 'no/such/snapshot', '--engine', engine, '--json']);
  const { code } = (JSON.parse(stderr) as { error: { code: string } }).error;
  return code !== 'NATIVE_UNAVAILABLE';
}

export const nativeAvailable = await isAvailable('native');

/** The engines of this machine, for what an engine has a part in. */
export const engines: readonly EngineName[] = nativeAvailable ? ['native', 'ts'] : ['ts'];

/**
 * The quicker of them alone, for what the command line does by itself. That the engines agree, in values and in
 * errors, is tested where they are, without a process for each call.
 */
export const quickest: readonly EngineName[] = engines.slice(0, 1);

if (!nativeAvailable) console.warn('no native binary: end-to-end tests run with the TypeScript engine only');
