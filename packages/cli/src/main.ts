import { PolyfeatError } from '@polyfeat/core/snapshot';
import { reportFailure } from './failure.js';
import type { Io } from './io.js';
import { failureStyle, run } from './run.js';

/** The process around a run: signals, closed pipes, what nobody caught, the exit code. */
const args = process.argv.slice(2);
const stop = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) {
      // The second one does not wait: not for a job that is cleaning up, nor for threads at work in
      // native code, which a normal exit would join.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return;
    }
    stop.abort(new PolyfeatError('CANCELLED', 'stopped before it was done; nothing was written'));
  });
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read us has gone (`| head`): that ends the writing, not the job.
    if (error.code === 'EPIPE') return;
    const message = `the output cannot be written: ${error.message}`;
    fail(new PolyfeatError(error.code === 'ENOSPC' ? 'DISK_FULL' : 'IO', message, { cause: error }));
  });
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
};

void run(args, io).then((code) => {
  // Set and not called: what is still on its way to a pipe must arrive.
  process.exitCode ??= code;
});

function fail(error: unknown): never {
  reportFailure(error, process, failureStyle(args));
  process.exit(1);
}
