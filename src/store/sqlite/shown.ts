/**
 * Which rows of a table may be read, by their ids, of which new ones grow. What is committed can be read at once; a row
 * of which somebody outside is told as soon as it is read must not be before a loss of power leaves it there.
 */
export interface Shown {
  /** A row was written. Runs within a commit. */
  wrote(id: number): void;
  /** All so far is committed. @returns what is to be called once it is on disk. */
  committed(): () => void;
  /** Rows up to this id. */
  upTo(): number;
}

export function shown(): Shown {
  let newest = 0;
  let onDisk = 0;
  return {
    wrote(id) {
      // Nothing is on its way: all before it is there, also what another process has written.
      onDisk = onDisk === newest ? id - 1 : Math.min(onDisk, id - 1);
      newest = Math.max(newest, id);
    },
    committed() {
      const its = newest;
      return () => {
        onDisk = its;
      };
    },
    upTo: () => (onDisk === newest ? Number.MAX_SAFE_INTEGER : onDisk),
  };
}
