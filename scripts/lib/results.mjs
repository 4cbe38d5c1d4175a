/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * The sum of the `test result:` lines that cargo's test binaries print (stable libtest has no JSON).
 * A run that failed without a failed test, because something did not compile or a process died, counts as one.
 * @param {string} output
 * @param {number} code cargo's exit code
 * @returns {Counts}
 */
export function countLibtest(output, code) {
  const counts = { passed: 0, failed: 0 };
  for (const line of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)) {
    counts.passed += Number(line[1]);
    counts.failed += Number(line[2]);
  }
  return failedAtLeastOnce(counts, code);
}

/**
 * The counts of vitest's JSON report. A file that failed before any of its tests did (it does not load, or a
 * hook threw) counts as one failure, as does a run that failed without any, or left no report.
 * @param {string | null} report
 * @param {number} code vitest's exit code
 * @returns {Counts}
 */
export function countVitest(report, code) {
  if (report === null) return { passed: 0, failed: 1 };
  /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report);
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return failedAtLeastOnce({ passed: numPassedTests, failed: numFailedTests + brokenFiles.length }, code);
}

/** @param {Counts} counts @param {number} code @returns {Counts} */
function failedAtLeastOnce(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {readonly Counts[]} all @returns {Counts} */
export function addCounts(all) {
  return all.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}
