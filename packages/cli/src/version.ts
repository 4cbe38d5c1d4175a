import { readFileSync } from 'node:fs';

/** The version of this package. */
export function version(): string {
  // The same place from here and from the bundle in dist.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
