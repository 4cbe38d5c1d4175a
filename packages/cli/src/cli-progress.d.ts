/** The part of cli-progress that the progress bar uses; the package ships no types. */
declare module 'cli-progress' {
  /** What a format is given: times in milliseconds since the epoch; `eta` in seconds, or a text where there is none. */
  export interface Params {
    value: number;
    total: number;
    /** Between 0 and 1. */
    progress: number;
    eta: number | string;
    startTime: number;
    maxWidth: number;
  }
  export interface BarOptions<Payload> {
    stream: unknown;
    format: (options: object, params: Params, payload: Payload) => string;
    barsize: number;
    barCompleteChar: string;
    barIncompleteChar: string;
    clearOnComplete: boolean;
    hideCursor: boolean;
    linewrap: boolean;
    fps: number;
    etaBuffer: number;
    etaAsynchronousUpdate: boolean;
    noTTYOutput: boolean;
    notTTYSchedule: number;
  }
  export class SingleBar<Payload> {
    constructor(options: Partial<BarOptions<Payload>>);
    start(total: number, value: number, payload: Payload): void;
    update(value: number): void;
    setTotal(total: number): void;
    stop(): void;
  }
  const api: {
    SingleBar: typeof SingleBar;
    Format: { BarFormat(progress: number, options: object): string };
  };
  export default api;
}
