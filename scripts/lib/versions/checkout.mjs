import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, root } from '../paths.mjs';
import { say } from '../run.mjs';

/** What the native module is built from. */
const NATIVE = ['crates', 'Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', '.cargo', 'packages/native'];

/**
 * Runs a program to its end, its output on standard error.
 * @param {string} command @param {readonly string[]} args @param {string} cwd @param {Record<string, string>} [env]
 */
function mustRun(command, args, cwd, env = {}) {
  const options = { cwd, stdio: /** @type {any} */ (['ignore', 2, 2]), env: { ...process.env, ...env } };
  const { status } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed; see its output above`);
}

/** @param {readonly string[]} args */
function git(args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return { ok: status === 0, text: stdout.trim() };
}

/**
 * The commit that a name stands for.
 * @param {string} ref
 * @throws {Error} when there is none
 */
export function commitOf(ref) {
  const { ok, text } = git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (!ok) throw new Error(`git knows no commit "${ref}"; fetch it, or name another`);
  return text;
}

/** Whether the native module of a commit would be that of the files here. @param {string} commit */
const sameNative = (commit) =>
  git(['diff', '--quiet', commit, '--', ...NATIVE.filter((path) => existsSync(inRoot(path)))]).ok;

/**
 * Checks a commit out into a folder and builds it there, with its own packages and tools. The native module is copied
 * from here when nothing that it is built from differs: two builds of the same sources differ in nothing but time.
 * @param {string} commit
 * @param {string} folder new
 */
export function checkOut(commit, folder) {
  if (!git(['worktree', 'add', '--detach', folder, commit]).ok) {
    throw new Error(`git could not check ${commit} out into ${folder}`);
  }
  const env = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CARGO_INCREMENTAL: '0' };
  mustRun('npm', ['ci', '--loglevel=error'], folder);
  const native = join('packages', 'native');
  const modules = readdirSync(inRoot(native)).filter((name) => name.endsWith('.node'));
  if (modules.length > 0 && sameNative(commit)) {
    say('The native module of both is the same.');
    for (const name of modules) copyFileSync(inRoot(native, name), join(folder, native, name));
  } else {
    mustRun('npx', ['nx', 'run', 'native:build'], folder, env);
  }
  mustRun('npx', ['nx', 'run', 'cli:build'], folder, env);
}

/** Removes a checkout. @param {string} folder */
export function removeCheckout(folder) {
  git(['worktree', 'remove', '--force', folder]);
}
