/** The call itself is wrong: an unknown option, a bad value, a bad config file. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}
