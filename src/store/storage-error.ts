/** The storage cannot do what was asked. The message says what, where, and what to do about it. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
