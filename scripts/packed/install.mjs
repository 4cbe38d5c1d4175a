import { join } from 'node:path';
import { inject } from 'vitest';
import { installApp, launcherIn, runIn } from '../lib/pack/app.mjs';
import { inRoot } from '../lib/paths.mjs';

export { launcherIn, runIn };
export const { folder, tarballs, native } = inject('packed');

/** A real snapshot that comes with the repository. */
export const snapshot = inRoot('test-data', 'snapshots', 'r61276aba-20260227T092000+0000');

/**
 * Installs some of the packages from the tarballs into a folder of their own.
 * @param {string} name of the folder
 * @param {Omit<Parameters<typeof installApp>[1], 'tarballs'>} project
 * @returns {Promise<string>} the folder
 */
export async function install(name, project) {
  const place = join(folder, name);
  await installApp(place, { tarballs, ...project });
  return place;
}
