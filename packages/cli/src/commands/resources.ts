import { type BuildRequest, defaultMemory, type EngineName, type Warning } from '@polyfeat/core/snapshot';
import type { Values } from '../args/option.js';
import type { RESOURCE_OPTIONS } from '../args/options.js';

/** What a call says of the machine's resources. */
type Given = Values<typeof RESOURCE_OPTIONS>;

/** What a request takes of the machine: what was given, and a default bound on the memory of the native engine. */
export function resourcesOf(given: Given, engine: EngineName): Pick<BuildRequest, 'threads' | 'memory'> {
  const memory = given.memory ?? (engine === 'native' ? defaultMemory() : undefined);
  return {
    ...(given.threads !== undefined && { threads: given.threads }),
    ...(memory !== undefined && { memory }),
  };
}

/** How `--json` shows them: null where the engine decides, or where there is no bound. */
export function shownResources({ threads, memory }: Pick<BuildRequest, 'threads' | 'memory'>) {
  return { threads: threads ?? null, memory: memory ?? null };
}

/** A warning when something was asked for that the engine at work does not heed. */
export function unusedResources(given: Given, engine: EngineName): Warning | undefined {
  if (engine === 'native') return undefined;
  const names = (['threads', 'memory'] as const).filter((name) => given[name] !== undefined);
  if (names.length === 0) return undefined;
  const options = names.map((name) => `--${name}`).join(' and ');
  const verb = names.length === 1 ? 'is' : 'are';
  return {
    code: 'resources_unused',
    message: `${options} ${verb} not used: the TypeScript engine runs in one thread and knows no bound on its memory`,
  };
}
