import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../lib/paths.mjs';
import { install, native, runIn, snapshot } from './install.mjs';

const typescript = inRoot('node_modules', 'typescript', 'bin', 'tsc');
const wants = ['@polyfeat/core', '@polyfeat/parquet', '@polyfeat/reference'];

describe.each([
  ['the oldest apache-arrow', '15.0.2'],
  ['the newest apache-arrow', '21.2.0'],
])('@polyfeat/core with %s', async (_which, version) => {
  const place = await install(`library-${version}`, { wants, others: { 'apache-arrow': version } });
  for (const file of ['use.ts', 'run.mjs']) cpSync(inRoot('scripts/packed/app', file), join(place, file));

  it.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['bundler', 'preserve'],
  ])('has types under moduleResolution %s', async (moduleResolution, module) => {
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2022', strict: true, exactOptionalPropertyTypes: true },
      // Of apache-arrow's own types some are wrong under strict options.
      ...{ noEmit: true, types: [], skipLibCheck: true },
    };
    const project = join(place, `tsconfig.${moduleResolution}.json`);
    writeFileSync(project, JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    expect(await runIn(place, process.execPath, [typescript, '-p', project])).toMatchObject({
      code: 0,
      stdout: '',
    });
  });

  it.each(native ? ['native', 'ts'] : ['ts'])('works from every entry with the %s engine', async (engine) => {
    const { code, stdout, stderr } = await runIn(place, process.execPath, ['run.mjs', snapshot, engine]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ engine, rows: 3973, volume: 3, same: true });
  });
});
