import { Application, Comment, ReflectionKind } from 'typedoc';
import { inRoot } from '../paths.mjs';

/** The entries that are documented, by their files. The first that exports a name documents it; others point there. */
const entries = {
  'packages/core/src/index.ts': '@polyfeat/core',
  'packages/core/src/snapshot.ts': '@polyfeat/core/snapshot',
  'packages/core/src/browser.ts': '@polyfeat/core/ts',
  'packages/parquet/src/index.ts': '@polyfeat/parquet',
};

const introduction = `Made by \`npm run docs\` from the comments in the sources; \`npm run ready\` checks that it is current.
The [guide](../guide.md) tells how things are used, \`SPEC.md\` what every value is.`;

/** @type {Partial<import('typedoc').TypeDocOptions> & Record<string, unknown>} */
const options = {
  name: 'API',
  entryPoints: Object.keys(entries).map((file) => inRoot(file)),
  tsconfig: inRoot('tsconfig.json'),
  plugin: ['typedoc-plugin-markdown'],
  readme: 'none',
  outputFileStrategy: 'modules',
  // Line numbers and revisions would change with every commit.
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  // What Error has by itself is told elsewhere.
  excludeExternals: true,
  // The repository's own check of types says more.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, rewrittenLink: true, notDocumented: false },
  logLevel: 'Warn',
  groupOrder: ['Functions', 'Classes', 'Interfaces', 'Type Aliases', 'Variables', '*'],
  // Of the plugin for Markdown.
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  expandParameters: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  tableColumnSettings: { hideSources: true, hideModifiers: true, hideInherited: true, hideOverrides: true },
};

/**
 * Writes the API reference, one Markdown page for each entry, from the comments in the sources.
 *
 * @param {string} folder its pages are replaced
 * @throws {Error} when a comment links to what is not there, or TypeDoc fails; its own output has been shown
 */
export async function writeApi(folder) {
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc found nothing to document.');
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const file = `packages/${module.name}${module.name.endsWith('/src') ? '/index' : ''}.ts`;
    module.name = entries[/** @type {keyof typeof entries} */ (file)] ?? module.name;
  }
  project.comment = new Comment([{ kind: 'text', text: introduction }]);
  app.validate(project);
  app.options.setValue('outputs', [{ name: 'markdown', path: folder }]);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc found something wrong.');
}
