import { describe, expect, it } from 'vitest';
import { addCounts, countLibtest, countVitest } from '../lib/results.mjs';

const passing =
  'test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s';
const failing =
  'test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s';

describe('countLibtest', () => {
  it('sums over test binaries and documentation tests', () => {
    expect(countLibtest(`running 12 tests\n${passing}\n\n${failing}\n`, 101)).toEqual({
      passed: 15,
      failed: 2,
    });
  });

  it('counts what does not compile, or dies, as a failure', () => {
    expect(countLibtest('', 101)).toEqual({ passed: 0, failed: 1 });
    expect(countLibtest(passing, 134)).toEqual({ passed: 12, failed: 1 });
  });

  it('takes only lines that libtest wrote', () => {
    expect(countLibtest(`printed by a test: ${passing}`, 0)).toEqual({ passed: 0, failed: 0 });
  });
});

/** @param {{ status: string, assertionResults: { status: string }[] }[]} testResults */
function report(testResults) {
  const all = testResults.flatMap((file) => file.assertionResults.map((test) => test.status));
  const count = (/** @type {string} */ status) => all.filter((one) => one === status).length;
  return JSON.stringify({ numPassedTests: count('passed'), numFailedTests: count('failed'), testResults });
}

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'skipped' }] };
const failed = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };

describe('countVitest', () => {
  it('takes the counts of the report', () => {
    expect(countVitest(report([passed, failed]), 1)).toEqual({ passed: 2, failed: 1 });
  });

  it('counts a file that does not load as a failure', () => {
    expect(countVitest(report([passed, { status: 'failed', assertionResults: [] }]), 1)).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  it('counts a missing report and an error outside of any test', () => {
    expect(countVitest(null, 1)).toEqual({ passed: 0, failed: 1 });
    expect(countVitest(report([passed]), 1)).toEqual({ passed: 1, failed: 1 });
  });
});

it('adds counts up', () => {
  expect(addCounts([])).toEqual({ passed: 0, failed: 0 });
  expect(
    addCounts([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]),
  ).toEqual({ passed: 4, failed: 6 });
});
