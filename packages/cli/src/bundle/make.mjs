// Makes dist/main.cjs, the whole command in one CommonJS file: Node loads it in a few milliseconds, where the
// modules of `src` and of @polyfeat/core, one by one and by its loader of ES modules, take more than Node's own start.
// The TypeScript engine and what it imports stay outside: they are loaded when they are wanted. The libraries of bars
// and tables are inside, run when they are wanted, and cost less there than as files of their own.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const inPackage = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** @type {import('rolldown').Plugin} */
const outside = {
  name: 'outside',
  resolveId(source, importer) {
    // The binary is loaded where it lies, the benchmarks are no part of the command line; cli-table3 asks for its
    // colours only where a cell has some.
    if (['@polyfeat/native', '@polyfeat/bench'].includes(source) || source.startsWith('@colors/colors'))
      return { id: source, external: true };
    // What the bundle holds of @polyfeat/core must not drag its other engine along.
    if (source === './ts/index.js' && /[\\/]core[\\/]/.test(importer ?? '')) {
      return { id: '@polyfeat/core/snapshot-ts', external: true };
    }
    return null;
  },
};

await rm(inPackage('dist/main.cjs'), { force: true });
const bundle = await rolldown({ input: inPackage('src/main.ts'), platform: 'node', plugins: [outside] });
await bundle.write({ file: inPackage('dist/main.cjs'), format: 'cjs', codeSplitting: false });
await bundle.close();
