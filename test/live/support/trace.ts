/** What a traced process did, in order, as far as it concerns what is on disk and who is told so. */
export type Step =
  | { readonly did: 'write' | 'flush'; readonly file: string; readonly text: string }
  | { readonly did: 'say'; readonly text: string };

const line =
  /^(?<call>pwrite64|fsync|fdatasync|write|writev|sendto)\(\d+<(?<what>[^>]*)>(?<rest>.*) = \d+$/;

/** Reads what `strace -yy` printed of one thread. What failed did nothing. */
export function stepsOf(trace: string): readonly Step[] {
  return trace.split('\n').flatMap((each): Step[] => {
    // A socket shows its two ends with an arrow, which has the bracket that ends it.
    const { call, what = '', rest = '' } = line.exec(each.replace('->', '→'))?.groups ?? {};
    if (call === undefined) return [];
    if (what.startsWith('TCP')) return [{ did: 'say', text: rest }];
    const did = call === 'fsync' || call === 'fdatasync' ? 'flush' : 'write';
    return [{ did, file: what, text: rest }];
  });
}

/**
 * What is wrong with the way of `text` to the disk. `undefined`: it was in the journal and flushed
 * before the next thing was said that acknowledges it.
 */
export function wrongAbout(
  steps: readonly Step[],
  text: string,
  acknowledges: (said: string) => boolean,
): string | undefined {
  const isJournal = (step: Step) => step.did !== 'say' && step.file.endsWith('-wal');
  const written = steps.findIndex(
    (step) => step.did === 'write' && isJournal(step) && step.text.includes(text),
  );
  if (written < 0) return `${text} was never written`;
  const after = steps.slice(written);
  const flushed = after.findIndex((step) => step.did === 'flush' && isJournal(step));
  const said = after.findIndex((step) => step.did === 'say' && acknowledges(step.text));
  if (said < 0) return `${text} was never acknowledged`;
  if (flushed < 0 || said < flushed) return `${text} was acknowledged before it was flushed`;
  return undefined;
}
