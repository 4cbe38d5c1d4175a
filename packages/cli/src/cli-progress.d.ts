/** The part of cli-progress that the progress bar uses; the package ships no types. */
declare module 'cli-progress' {
  interface Params {
    value: number;
    total: number;
    progress: number;
    maxWidth: number;
  }
  interface BarOptions {
    stream: unknown;
    format: (options: object, params: Params, payload: Record<string, unknown>) => string;
    clearOnComplete: boolean;
    hideCursor: boolean;
    gracefulExit: boolean;
    noTTYOutput: boolean;
    notTTYSchedule: number;
    fps: number;
    emptyOnZero: boolean;
    linewrap: boolean | null;
  }
  class SingleBar {
    constructor(options: Partial<BarOptions>);
    start(total: number, value: number, payload: object): void;
    update(value: number, payload: object): void;
    setTotal(total: number): void;
    stop(): void;
  }
  const api: { SingleBar: typeof SingleBar };
  export default api;
}
