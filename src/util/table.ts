/** Columns for people: as wide as their widest cell, two spaces apart. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  );
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `3m`: how long something took, roughly. */
export function roughly(durationMs: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const;
  const found = units.find(([, sizeMs]) => durationMs >= sizeMs);
  return found
    ? `${Math.floor(durationMs / found[1])}${found[0]}`
    : `${Math.max(0, Math.floor(durationMs / 1_000))}s`;
}
