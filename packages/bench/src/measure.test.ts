import { describe, expect, it } from 'vitest';
import { measure } from './measure.js';

const node = (script: string, env?: Record<string, string>) => ({
  command: process.execPath,
  args: ['-e', script],
  env,
});

describe('a measurement', () => {
  it('has time, memory and both outputs of the process alone', async () => {
    const script = `Buffer.alloc(64e6, 1); console.log('out'); console.error('err'); setTimeout(() => {}, 100)`;
    const { code, wall, rss, cpu, stdout, stderr } = await measure(node(script));
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({ code: 0, stdout: 'out\n', stderr: 'err' });
    expect(wall).toBeGreaterThan(0.1);
    if (process.platform !== 'linux') return;
    expect(rss).toBeGreaterThan(64e6);
    expect(cpu).toBeGreaterThan(0);
  });

  it('passes its environment on', async () => {
    const { stdout } = await measure(node('console.log(process.env.BENCH_TEST)', { BENCH_TEST: 'here' }));
    expect(stdout).toBe('here\n');
  });

  it('tells the exit code, and that a program is not there', async () => {
    expect((await measure(node('process.exit(3)'))).code).toBe(3);
    expect((await measure({ command: 'no-such-program', args: [] })).code).not.toBe(0);
  });
});
