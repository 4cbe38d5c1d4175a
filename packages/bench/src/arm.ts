import type { Call } from './measure.js';

/** What kind of thing an arm is; tables are grouped by it. */
export type Group = 'ours' | 'typescript' | 'peer' | 'limit' | 'compute';

/** Something to measure: a program that writes a file, or computes in memory. */
export interface Arm {
  /** By which ratios and charts name it. */
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  /** Threads that it may use; null when it takes no number of them. */
  readonly threads: number | null;
  /**
   * What counts as its time: the whole process, or what it reports as `seconds` (an arm that computes in memory has
   * to make its tables first).
   */
  readonly timed: 'process' | 'job';
  /**
   * Arms of a family have to give the same values. The first one makes the file that the others are compared with.
   * Null: its output is none of features.
   */
  readonly family: string | null;
  /** Whether it takes an arbitrary one of prints with equal stamps, so that rows may be wrong where there are such. */
  readonly arbitraryTies?: boolean | undefined;
  /** Files that it reads, where they are not those of all arms of the run. */
  readonly inputs?: readonly string[] | undefined;
  /** Why it is run only when it is named. */
  readonly onDemand?: string | undefined;
  /** Why it cannot be run here. */
  readonly unavailable?: string | undefined;
  /**
   * @param out the file that it has to write
   * @param checking whether the output will be looked at; an arm that computes in memory writes it only then
   */
  readonly call: (out: string, checking: boolean) => Call;
}

/** One run of an arm. */
export interface Run {
  /** From 1; 0 for a run that also was the one to check the output. */
  readonly round: number;
  /** Seconds of the whole process. */
  readonly wall: number;
  /** Seconds that count: of the process or of the job, as {@link Arm.timed} says. */
  readonly seconds: number;
  /** Seconds of the job without the process's start, where it tells them. */
  readonly job: number | null;
  readonly cpu: number | null;
  /** Bytes. */
  readonly rss: number | null;
  /** Size of the output. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly phases: Readonly<Record<string, number>>;
}

/** How an arm's output differs from its family's. */
export interface Check {
  readonly rows: number;
  /** Rows that differ in the column in which most do. */
  readonly wrong_rows: number;
  /** The columns that differ. */
  readonly columns: readonly string[];
}

/** What was measured of an arm. */
export interface ArmResult {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  readonly threads: number | null;
  readonly timed: 'process' | 'job';
  /** Why there are no runs. */
  readonly unavailable?: string;
  readonly check: Check | null;
  /** Codecs of the columns of its output, such as `ZSTD`; null when it is no Parquet file. */
  readonly codec: string | null;
  readonly runs: readonly Run[];
}
