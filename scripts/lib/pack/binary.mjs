import { run } from '../run.mjs';

/** The newest glibc that the binary for Linux may need: that of Debian 12, Ubuntu 22.04 and RHEL 9. */
export const GLIBC_FLOOR = '2.34';

/** A processor of 2006, as qemu names it: x86-64 with SSSE3, without SSE 4, POPCNT, AVX or BMI. */
export const OLD_CPU = 'Conroe';

/** @param {string} command @param {string[]} args */
async function output(command, args) {
  const { code, stdout } = await run(command, args, { stdout: 'collect' });
  if (code !== 0) throw new Error(`${command} failed (${code}); it comes with binutils`);
  return stdout;
}

/** @param {string} a @param {string} b */
const byVersion = (a, b) => {
  const [x = [], y = []] = [a, b].map((text) => text.split('.').map(Number));
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0);
};

/** The newest version of glibc that a binary takes symbols of. @param {string} file */
export async function glibcOf(file) {
  const symbols = await output('objdump', ['-T', file]);
  const versions = [...symbols.matchAll(/GLIBC_(\d+\.\d+)/g)].map((match) => match[1] ?? '');
  return versions.sort(byVersion).at(-1) ?? null;
}

/** The shared libraries that a binary asks for. @param {string} file */
export async function librariesOf(file) {
  const header = await output('objdump', ['-p', file]);
  return [...header.matchAll(/NEEDED\s+(\S+)/g)].map((match) => match[1] ?? '').sort();
}

/** The sections of a binary by name. @param {string} file */
export async function sectionsOf(file) {
  const table = await output('objdump', ['-h', '-w', file]);
  return [...table.matchAll(/^\s*\d+ (\S+)/gm)].map((match) => match[1] ?? '');
}

/** Whether a binary has a table of symbols beside those that it exports. @param {string} file */
export async function hasSymbols(file) {
  const table = await run('objdump', ['-t', file], { stdout: 'collect', silent: true });
  return !/no symbols/.test(table.stdout);
}
