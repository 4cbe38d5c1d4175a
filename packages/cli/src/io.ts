import picocolors from 'picocolors';

/** The part of an output stream that commands use. */
export interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What a command knows of the process, so that tests can run it inside one of their own. */
export interface Io {
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The colours of a stream: none unless it is a terminal that shows them and `NO_COLOR` is not set. */
export function colorsOf(stream: Out, env: Io['env']): ReturnType<typeof picocolors.createColors> {
  const wanted = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return picocolors.createColors(wanted && stream.isTTY === true);
}

/**
 * A text from a file or a command line made safe for a terminal and for one line: control characters, which
 * could move the cursor or forge lines, are written as `\xNN`.
 */
export function printable(text: string): string {
  // Nearly every text is plain, and the expression below costs Node milliseconds to compile.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
