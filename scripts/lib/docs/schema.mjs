import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { inRoot, stateFolder } from '../paths.mjs';

/** Writes the JSON schema of polyfeat.config.json, which the command line makes from its table of options. */
export async function writeSchema() {
  const file = join(stateFolder, 'config-schema.mjs');
  const input = inRoot('packages', 'cli', 'src', 'args', 'schema.ts');
  const bundle = await rolldown({ input, platform: 'node', external: ['@polyfeat/native', 'apache-arrow'] });
  try {
    await bundle.write({ file, format: 'es', codeSplitting: false });
    const { configSchema } = await import(pathToFileURL(file).href);
    mkdirSync(inRoot('packages', 'cli', 'schema'), { recursive: true });
    const schema = inRoot('packages', 'cli', 'schema', 'config.json');
    writeFileSync(schema, `${JSON.stringify(configSchema(), null, 2)}\n`);
  } finally {
    await bundle.close();
    rmSync(file, { force: true });
  }
}
