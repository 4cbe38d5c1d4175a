import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runNpm } from '../run.mjs';

/**
 * Makes a project in an empty folder that depends on some of the packages, and installs it: ours from the tarballs
 * alone, other people's from the registry.
 * @param {string} place
 * @param {object} project
 * @param {readonly { name: string, file: string }[]} project.tarballs of ours, all of them
 * @param {readonly string[]} project.wants names of ours that it depends on
 * @param {Record<string, string>} [project.others] versions of others' packages
 * @param {readonly string[]} [project.args] of npm
 */
export async function installApp(place, { tarballs, wants, others = {}, args = [] }) {
  mkdirSync(place, { recursive: true });
  const ours = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const manifest = {
    ...{ name: 'app', version: '0.0.0', private: true, type: 'module' },
    dependencies: { ...Object.fromEntries(wants.map((want) => [want, ours[want]])), ...others },
    // Whoever depends on one of ours gets its tarball, and npm asks nobody for names that are not published yet.
    overrides: ours,
  };
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest, null, 2));
  const options = ['--prefix', place, '--no-audit', '--no-fund', '--loglevel=error', ...args];
  const { code } = await runNpm(['install', ...options], { stdout: 'stderr' });
  if (code !== 0) throw new Error(`npm install failed in ${place}; see its output above`);
}

/** @typedef {{ code: number | null, stdout: string, stderr: string }} Ended */

/**
 * Runs a program in an installed project, with nothing of this process's environment that could lead it elsewhere.
 * @param {string} place
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string> }} [options]
 * @returns {Promise<Ended>}
 */
export function runIn(place, command, args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: place,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
        HOME: place,
        npm_config_update_notifier: 'false',
        ...env,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The command line's launcher in an installed project. @param {string} place */
export const launcherIn = (place) => join(place, 'node_modules', 'polyfeat-fast', 'bin', 'polyfeat-fast.js');
