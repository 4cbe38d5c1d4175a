import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The packages that the command runs on, each after the one that depends on it. */
const CHAINS: readonly (readonly string[])[] = [
  ['@polyfeat/core'],
  ['@polyfeat/core', '@polyfeat/native'],
  ['@polyfeat/core', '@polyfeat/parquet'],
  ['@polyfeat/core', '@polyfeat/reference'],
  ['apache-arrow'],
  ['@polyfeat/core', '@polyfeat/parquet', 'parquet-wasm'],
];

/** The versions of these packages as they are installed; null: not installed. */
export function installedVersions(): Record<string, string | null> {
  return Object.fromEntries(CHAINS.map((chain) => [chain.at(-1) ?? '', versionAlong(chain)]));
}

function versionAlong(chain: readonly string[]): string | null {
  let from = import.meta.url;
  try {
    for (const name of chain) from = createRequire(from).resolve(name);
  } catch {
    return null;
  }
  return versionAbove(from, chain.at(-1) ?? '');
}

/** The version of the package that holds a file: not every one lets its package.json be imported. */
function versionAbove(file: string, name: string): string | null {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === name) return found.version ?? null;
    } catch {
      // A folder within the package.
    }
  }
  return null;
}
