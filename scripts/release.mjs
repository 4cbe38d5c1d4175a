// npm run release -- VERSION [--dry-run]: writes the version everywhere, turns the changelog's Unreleased section into that
// version's, commits and tags. Pushing the tag starts the workflow that builds, tests and publishes.
import { runPackage } from './lib/run.mjs';
import { runMain } from './lib/setup.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  if (!args.some((arg) => /^(\d+\.\d+\.\d+|major|minor|patch|pre\w+)/.test(arg))) {
    throw new Error(
      'name the version, as in npm run release -- 0.2.0 --dry-run; major, minor and patch work too',
    );
  }
  return (await runPackage('nx', ['release', '--skip-publish', ...args])).code;
});
