// npm run format: brings every file into the repository's format and mends what a linter can mend safely.
import { run, runPackage } from './lib/run.mjs';
import { runMain } from './lib/setup.mjs';

await runMain(async () => {
  const web = await runPackage('@biomejs/biome', ['check', '--write', '.']);
  const rust = await run('cargo', ['fmt', '--all']);
  return web.code || rust.code;
});
