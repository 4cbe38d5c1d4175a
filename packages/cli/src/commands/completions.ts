import { suggest } from '@polyfeat/core/snapshot';
import type { COMPLETIONS_OPTIONS } from '../args/options.js';
import { bashCompletions } from '../completions/bash.js';
import { fishCompletions } from '../completions/fish.js';
import { SHELLS, type Shell } from '../completions/shells.js';
import { zshCompletions } from '../completions/zsh.js';
import type { Io } from '../io.js';
import { UsageError } from '../usage-error.js';
import type { AnyCommand, Call } from './command.js';
import { COMMANDS } from './index.js';

const WRITERS: Readonly<Record<Shell, (commands: readonly AnyCommand[]) => string>> = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

/** `completions SHELL`: prints a script that the shell reads. It is made from the tables of commands and options. */
export async function completions(call: Call<typeof COMPLETIONS_OPTIONS>, io: Io): Promise<number> {
  const name = call.positionals[0] as string;
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) {
    const near = suggest(name, SHELLS);
    const hint = near === undefined ? `there are ${SHELLS.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(`there are no completions for "${name}": ${hint}`);
  }
  io.stdout.write(WRITERS[shell](COMMANDS));
  return 0;
}
