import { ensureNative, ensureTypeScript, hasNativeModule } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { run, say } from './run.mjs';

/** @typedef {{ rust: boolean }} Setup rust: whether cargo can be used */

/**
 * What `rustc -vV` prints, or null when Rust cannot be used here.
 * @returns {Promise<string | null>}
 */
async function rustVersion() {
  const [rustc, cargo] = await Promise.all([
    run('rustc', ['-vV'], { stdout: 'collect' }),
    run('cargo', ['--version'], { stdout: 'collect', silent: true }),
  ]);
  return rustc.code === 0 && cargo.code === 0 ? rustc.stdout : null;
}

/** What is lost without Rust, and how to get it. */
function warnWithoutRust() {
  const consequence = hasNativeModule()
    ? 'the native module here is used as it was built before, even if sources have changed since'
    : 'the TypeScript engine is used, which gives the same result more slowly';
  say(`Warning: no Rust toolchain was found (cargo and rustc), so ${consequence}.`);
  say('To build the native engine, install Rust from https://rustup.rs and run this again.');
}

/**
 * Brings a clone up to date: npm packages, native module, TypeScript build. What is current is skipped.
 * @returns {Promise<Setup>}
 * @throws {Error} naming the step that failed; its own output has been shown
 */
export async function setUp() {
  const rust = await rustVersion();
  if (!(await ensureInstalled())) throw new Error('npm ci failed; see its output above.');
  if (rust === null) warnWithoutRust();
  else if (!(await ensureNative(rust))) throw new Error('The native build failed; see its output above.');
  if (!(await ensureTypeScript())) throw new Error('The TypeScript build failed; see its output above.');
  return { rust: rust !== null };
}

/**
 * Runs a script's main function and ends the process with the code it returns; an error is one line.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    say(`Error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
