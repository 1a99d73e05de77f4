type Path = readonly string[];

/**
 * The config of the other bridge, which remembers what of it was read: whatever nobody has asked for is not
 * taken over, and is told.
 */
export class OldConfig {
  private readonly value: unknown;
  private readonly read = new Set<string>();

  constructor(value: unknown) {
    this.value = value;
  }

  text(...path: Path): string | undefined {
    return this.take(path, (value) => (typeof value === 'string' ? value : undefined));
  }

  number(...path: Path): number | undefined {
    return this.take(path, (value) => (typeof value === 'number' ? value : undefined));
  }

  flag(...path: Path): boolean | undefined {
    return this.take(path, (value) => (typeof value === 'boolean' ? value : undefined));
  }

  texts(...path: Path): readonly string[] {
    const isTexts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((one) => typeof one === 'string');
    return this.take(path, (value) => (isTexts(value) ? value : undefined)) ?? [];
  }

  /** Read only where it says what holds here in any case. */
  is(value: string | boolean, ...path: Path): boolean {
    return this.take(path, (found) => (found === value ? true : undefined)) ?? false;
  }

  /** What a text says, which does not count as read yet. */
  peek(...path: Path): string | undefined {
    const value = this.at(path);
    return typeof value === 'string' ? value : undefined;
  }

  /** How many there are in a list, or which there are in a group. Nothing of them counts as read. */
  keys(...path: Path): readonly string[] {
    const value = this.at(path);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  }

  /** What was not read: where it stands. */
  left(): readonly string[] {
    return leaves(this.value, [])
      .filter((path) => !path.some((_, i) => this.read.has(nameOf(path.slice(0, i + 1)))))
      .map(nameOf);
  }

  private take<T>(path: Path, as: (value: unknown) => T | undefined): T | undefined {
    const found = as(this.at(path));
    if (found !== undefined) this.read.add(nameOf(path));
    return found;
  }

  private at(path: Path): unknown {
    let value = this.value;
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
        return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
}

/** Names of servers have dots in them. */
const nameOf = (path: Path): string =>
  path.map((key) => (/^[\w-]+$/.test(key) ? key : `"${key}"`)).join('.');

function leaves(value: unknown, path: Path): readonly Path[] {
  if (typeof value !== 'object' || value === null) return value === null ? [] : [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
