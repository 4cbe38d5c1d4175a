import type { Packed } from './setup.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    packed: Packed;
  }
}
