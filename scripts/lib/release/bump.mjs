/**
 * What a version is changed from and to, and what belongs to this repository.
 * @typedef {object} Bump
 * @property {string} from
 * @property {string} to
 * @property {string} date such as 2026-01-31, for the changelog
 * @property {readonly string[]} packages names of npm packages
 * @property {readonly string[]} crates names of crates
 */

const COLLECTIONS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** Sets a manifest's version, and those of its siblings that it depends on. @param {any} manifest @param {Bump} bump */
function bumpManifest(manifest, { from, to, packages }) {
  if (manifest.version === from) manifest.version = to;
  for (const collection of COLLECTIONS) {
    for (const name of Object.keys(manifest[collection] ?? {})) {
      if (packages.includes(name) && manifest[collection][name] === from) manifest[collection][name] = to;
    }
  }
}

/** @param {string} text @param {(json: any) => void} change */
function changedJson(text, change) {
  const json = JSON.parse(text);
  change(json);
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** @param {string} text @param {RegExp} pattern @param {string} by @param {string} what */
function replacedOnce(text, pattern, by, what) {
  const changed = text.replace(pattern, by);
  if (changed === text) throw new Error(`${what} was not found`);
  return changed;
}

/** @param {string} text */
const literal = (text) => text.replaceAll('.', '\\.');

/**
 * A file of the repository with the new version in place of the old one.
 * @param {string} path
 * @param {string} text
 * @param {Bump} bump
 * @returns {string}
 * @throws {Error} when the file does not have the old version where it belongs
 */
export function bumped(path, text, bump) {
  const { from, to, date, crates } = bump;
  const old = literal(from);
  switch (path.split('/').at(-1)) {
    case 'package.json':
      return changedJson(text, (manifest) => bumpManifest(manifest, bump));
    case 'package-lock.json':
      return changedJson(text, (lock) => {
        lock.version = to;
        for (const [place, locked] of Object.entries(lock.packages)) {
          if (!place.includes('node_modules')) bumpManifest(locked, bump);
        }
      });
    case 'Cargo.toml': {
      const pattern = new RegExp(`(\\[workspace\\.package\\]\\nversion = )"${old}"`);
      return replacedOnce(text, pattern, `$1"${to}"`, `version ${from} of the workspace in ${path}`);
    }
    case 'Cargo.lock':
      return crates.reduce((lock, crate) => {
        const pattern = new RegExp(`(name = "${crate}"\\nversion = )"${old}"`);
        return replacedOnce(lock, pattern, `$1"${to}"`, `version ${from} of ${crate} in ${path}`);
      }, text);
    case 'binding.js':
      // As `napi build` writes it: the version that packages of platforms must have.
      return text.replaceAll(new RegExp(`(?<=!== '|expected )${old}\\b`, 'g'), to);
    case 'README.md':
      return text.replaceAll(new RegExp(`(?<=polyfeat-fast |@polyfeat/\\w+ )${old}\\b`, 'g'), to);
    case 'CHANGELOG.md':
      return replacedOnce(
        text,
        /^## \[Unreleased\]$/m,
        `## [Unreleased]\n\n## [${to}] - ${date}`,
        `a section [Unreleased] in ${path}`,
      );
    default:
      throw new Error(`nobody knows where ${path} has its version`);
  }
}
