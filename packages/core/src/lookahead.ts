/** Which of the columns that a run makes tell of the time after their row. Spec section 4. */
import type { Rules } from './rules.js';

/** Of a column that does not look ahead. */
export const LOOKS_BACK = 'none';

/**
 * What a made column tells of the time after its row: `none`, or words joined by commas. `bucket`: to the end of its
 * bucket. `ties`: prints of its own stamp. `unknown-token`: whether the token ever prints. `forward`, `nearest`: the
 * next print. `proof`: the column is about what the row must not see.
 */
export function lookahead(name: string, rules: Rules = {}): string {
  const words = wordsOf(name, rules);
  return words.length === 0 ? LOOKS_BACK : words.join(',');
}

function wordsOf(name: string, rules: Rules): string[] {
  const byNotebook = isNotebook(rules);
  const ties = rules.ties ?? (rules.sequence !== undefined ? 'sequence' : byNotebook ? 'include' : 'exclude');
  const unknown = rules.unknownToken ?? (byNotebook ? 'null' : 'causal');
  const direction = rules.direction ?? 'backward';
  if (name.startsWith('proof_')) return ['proof'];
  if (/^mt_(last|return)_/.test(name)) {
    return [ties === 'include' && 'ties', direction !== 'backward' && direction].filter(
      (word) => word !== false,
    );
  }
  if (name.startsWith('mt_')) {
    return [ties === 'include' && 'ties', unknown === 'null' && 'unknown-token'].filter(
      (word) => word !== false,
    );
  }
  const ofSets = name === 'regime' || name.startsWith('complete_set_');
  return ofSets && regimeMode(rules) === 'bucket' ? ['bucket'] : [];
}

/** How complete sets are found, by the rule or by its preset. */
export function regimeMode(rules: Rules = {}): NonNullable<Rules['regime']> {
  return rules.regime ?? (isNotebook(rules) ? 'bucket' : 'bucket-asof');
}

function isNotebook({ preset = 'notebook' }: Rules): boolean {
  return preset === 'notebook';
}
