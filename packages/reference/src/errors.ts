/**
 * What the definition refuses.
 */

/** The codes of {@link DefinitionError}; the same words as everywhere in polyfeat-fast. */
export type DefinitionErrorCode = 'INVALID_OPTION' | 'MISSING_COLUMN' | 'WRONG_TYPE' | 'DUPLICATE_TIME';

/** Rules that contradict each other or the data. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly code: DefinitionErrorCode;
  /** The column that is meant, if one is. */
  declare readonly column?: string;

  constructor(code: DefinitionErrorCode, message: string, column?: string) {
    super(message);
    this.code = code;
    if (column !== undefined) this.column = column;
  }
}
