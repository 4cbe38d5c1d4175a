import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Both the sources and what is built of them lie one folder below the package's own.
const root = new URL('../', import.meta.url);

/** A program of this package that is measured in a process of its own, as it was built. */
export const childFile = (name: string): string => fileURLToPath(new URL(`dist/children/${name}.js`, root));

/** A peer's program, such as `duckdb.mjs`. */
export const peerFile = (name: string): string => fileURLToPath(new URL(`peers/${name}`, root));

/** A file of this package. */
export const packageFile = (name: string): string => fileURLToPath(new URL(name, root));

/** The version of this package, which is that of all. */
export const version = (): string => JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version;
