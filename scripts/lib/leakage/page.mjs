/**
 * A table of the page, as its text: a head and one row for each snapshot.
 * @typedef {object} Table
 * @property {string} name as in the page's comment `<!-- table: NAME -->`
 * @property {readonly string[]} head
 * @property {readonly (readonly string[])[]} rows
 */

/** A row of a table in Markdown. @param {readonly string[]} cells */
export const line = (cells) => `| ${cells.join(' | ')} |`;

/** A table in Markdown; the first column is text, the others are numbers. @param {Table} table */
export function markdown({ head, rows }) {
  const rule = head.map((_cell, column) => (column === 0 ? '---' : '--:'));
  return `${[head, rule, ...rows].map(line).join('\n')}\n`;
}

/**
 * The page with these tables in place of what stood between their comments.
 * @param {string} page
 * @param {readonly Table[]} tables
 * @throws {Error} when the page has no place for one of them
 */
export function filled(page, tables) {
  return tables.reduce((text, table) => {
    const [begin, end] = [`<!-- table: ${table.name} -->\n`, '<!-- end -->'];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`The page has no place for the table ${table.name}.`);
    return `${text.slice(0, from + begin.length)}${markdown(table)}${text.slice(to)}`;
  }, page);
}

/** The names of the page's tables, in its order. @param {string} page */
export const placesOf = (page) => [...page.matchAll(/<!-- table: (\S+) -->/g)].map(([, name = '']) => name);
