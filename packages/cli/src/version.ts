import { readFileSync } from 'node:fs';
import { engineState } from '@polyfeat/core/snapshot';

/** The manifest of this package. */
export function manifest(): { version: string; engines: { node: string } } {
  // The same place from here and from the bundle in dist.
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
}

/** The version of this package. */
export function version(): string {
  return manifest().version;
}

/** What `--version` prints: the version, then the engine that a build would run on, the platform and Node. */
export async function versionLine(): Promise<string> {
  const { engine } = await engineState('auto');
  const engines = { native: 'native engine', ts: 'TypeScript engine' };
  const runs = engine === null ? 'no engine: see polyfeat-fast doctor' : engines[engine];
  const place = `${process.platform}-${process.arch}`;
  return `polyfeat-fast ${version()} (${runs}, ${place}, Node ${process.versions.node})`;
}
