import { spawnSync } from 'node:child_process';
import { BIN, type Ended, startCommand } from './cli.js';

/**
 * Runs the program while a small file system of its own is mounted on a folder, in a mount namespace that
 * nobody else sees and that ends with it. Standard output then ends with the names left in the folder.
 */
export function cliWithMount(
  options: string,
  folder: string,
  prepare: string,
  args: readonly string[],
): Promise<Ended> {
  // $0 is the folder, the rest the program's call.
  const script = `mount -t tmpfs -o size=64k tmpfs "$0" && (cd "$0" && ${prepare}) && mount -o remount,${options} "$0" || exit 99
    "$@"; code=$?
    ls -A "$0"
    exit $code`;
  return startCommand('unshare', [...NAMESPACE, 'sh', '-c', script, folder, process.execPath, BIN, ...args])
    .ended;
}

// Root needs no user namespace; others may be allowed one.
const NAMESPACE = process.getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount'];

/** Whether this machine lets a test mount a file system of its own. */
export const canMount =
  spawnSync('unshare', [...NAMESPACE, 'sh', '-c', 'mount -t tmpfs tmpfs /tmp'], { stdio: 'ignore' })
    .status === 0;

if (!canMount)
  console.warn('no right to mount: the tests of a full disk and of a read-only folder are skipped');
