/**
 * The storage cannot do what was asked. The message says what, where, and what to do about it.
 *
 * `away`: the disk is full, or somebody else holds the file: what is on it is whole, and it goes on once
 * that has passed. `damaged`: what is on it is not whole, and only a person can mend that. `refused`:
 * it will never do this.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: 'away' | 'damaged' | 'refused';

  constructor(message: string, about: { kind?: StorageError['kind']; cause?: unknown } = {}) {
    super(message, 'cause' in about ? { cause: about.cause } : undefined);
    this.kind = about.kind ?? 'refused';
  }
}

/** Whether it is the storage that fails, and not what was asked of it. */
export const isStorageFailure = (error: unknown): boolean =>
  error instanceof StorageError && error.kind !== 'refused';
