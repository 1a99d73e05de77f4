/** How a server compares names. `unicode`: it has names beyond ASCII and folds them as Unicode does. */
export type CaseMapping = 'ascii' | 'rfc1459' | 'rfc1459-strict' | 'unicode';

/** Gives equal strings for names that the server holds to be one. */
export function foldCase(name: string, mapping: CaseMapping): string {
  if (mapping === 'unicode') return name.normalize('NFC').toLowerCase();
  const lower = name.replace(/[A-Z]/g, (char) => char.toLowerCase());
  if (mapping === 'ascii') return lower;
  // RFC 1459 2.2: these are the upper case of {}| because of IRC's Scandinavian origin; ~^ came later.
  const folded = lower.replaceAll('[', '{').replaceAll(']', '}').replaceAll('\\', '|');
  return mapping === 'rfc1459' ? folded.replaceAll('~', '^') : folded;
}
