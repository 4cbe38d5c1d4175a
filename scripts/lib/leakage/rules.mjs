/** The rules that are measured, by a name of this page's own: what `build` is given. SPEC.md section 4. */
export const RULES = /** @type {const} */ ({
  notebook: [],
  ties: ['--ties', 'exclude'],
  tiesBySecond: ['--ties', 'exclude', '--resolution', '1s'],
  self: ['--exclude-self', 'auto'],
  availability: ['--availability', 'captured_at'],
  causal: ['--unknown-token', 'causal'],
  bucketAsof: ['--regime', 'bucket-asof'],
  trailing: ['--regime', 'trailing'],
  prevBucket: ['--regime', 'prev-bucket'],
  strict: ['--preset', 'strict'],
  strictEmbargo1s: ['--preset', 'strict', '--embargo', '1s'],
  strictEmbargo5s: ['--preset', 'strict', '--embargo', '5s'],
  strictAge10s: ['--preset', 'strict', '--max-age', '10s'],
  strictAge60s: ['--preset', 'strict', '--max-age', '60s'],
  live: ['--preset', 'live'],
});

/** @typedef {keyof typeof RULES} Rule */
