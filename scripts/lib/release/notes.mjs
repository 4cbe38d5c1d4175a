/**
 * The section of a version in a changelog, without its heading.
 * @param {string} changelog
 * @param {string} version
 * @throws {Error} when there is none, or it is empty
 */
export function notesOf(changelog, version) {
  const sections = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const body = section?.slice(section.indexOf('\n')).trim();
  if (!body) throw new Error(`CHANGELOG.md says nothing of version ${version}`);
  return body;
}
