import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultMemory, parseSize } from './memory.js';

const GIB = 2 ** 30;

describe('parseSize', () => {
  it.each([
    ['1', 1],
    ['1073741824', GIB],
    ['7b', 7],
    ['1K', 1024],
    ['512M', 512 * 2 ** 20],
    ['512m', 512 * 2 ** 20],
    ['1G', GIB],
    ['2T', 2 * 2 ** 40],
    ['1KiB', 1024],
    ['1.5GiB', 1.5 * GIB],
    ['1.5 GiB', 1.5 * GIB],
    ['0.5g', GIB / 2],
    ['1KB', 1000],
    ['800MB', 800e6],
    ['800mb', 800e6],
    ['1.5GB', 1.5e9],
    ['1TB', 1e12],
    ['007M', 7 * 2 ** 20],
    ['1.3K', 1331],
    ['8191T', 8191 * 2 ** 40],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    ['', /is not a size/],
    ['G', /is not a size/],
    ['-1G', /is not a size/],
    ['+1G', /is not a size/],
    ['.5G', /is not a size/],
    ['5.G', /is not a size/],
    ['1e9', /is not a size/],
    ['0x10', /is not a size/],
    ['1,5G', /is not a size/],
    ['1P', /is not a size/],
    ['1iB', /is not a size/],
    ['1 G B', /is not a size/],
    ['1  G', /is not a size/],
    ['60%', /is not a size/],
    ['NaN', /is not a size/],
    ['Infinity', /is not a size/],
    ['٣G', /is not a size/],
    ['1G\n', /is not a size/],
    ['0', /less than one byte/],
    ['0G', /less than one byte/],
    ['0.0001K', /less than one byte/],
    ['8192T', /too much/],
    [`1${'0'.repeat(400)}`, /too much/],
  ])('refuses %j', (text, message) => {
    expect(() => parseSize(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });
});

describe('defaultMemory', () => {
  it.each([
    ['no limit is known', undefined],
    ['no limit, as old systems say it', 0],
    ['no limit, as cgroup v1 says it', 2 ** 63 - 4096],
    ['no limit, as libuv says it', 2 ** 64],
    ['the limit is above the RAM', 32 * GIB],
    ['the limit is the RAM', 10 * GIB],
  ])('is 60 %% of the RAM where %s', (_what, constrained) => {
    expect(defaultMemory({ total: 10 * GIB, constrained })).toBe(6 * GIB);
  });

  it("is 60 % of the control group's limit below the RAM", () => {
    expect(defaultMemory({ total: 10 * GIB, constrained: 5 * GIB })).toBe(3 * GIB);
  });

  it('is a whole number', () => {
    expect(defaultMemory({ total: 1001, constrained: undefined })).toBe(600);
  });

  it('is at most 60 % of this machine', () => {
    const bytes = defaultMemory();
    expect(Number.isSafeInteger(bytes)).toBe(true);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(0.6 * totalmem());
  });
});
