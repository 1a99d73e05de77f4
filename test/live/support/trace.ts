/** What a traced process did, in order, as far as it concerns what is on disk and who is told so. */
export type Step =
  | { readonly did: 'write'; readonly file: string; readonly text: string }
  /** `from`: how many steps there were when it began. What was written later it does not bring down. */
  | { readonly did: 'flush'; readonly file: string; readonly from: number }
  | { readonly did: 'say'; readonly text: string };

const call =
  /^(?:pwrite64|fsync|fdatasync|write|writev|sendto)\(\d+<(?<what>[^>]*)>(?<rest>.*) = \d+$/;
const cut = / <unfinished \.\.\.>$/;
const flush = /^(fsync|fdatasync)\b/;
const resumed = /^<\.\.\. \w+ resumed>/;

/**
 * Reads what `strace -f -yy` printed of all threads. A write counts from its beginning, a flush from its
 * end. What failed did nothing.
 */
export function stepsOf(trace: string): readonly Step[] {
  const steps: Step[] = [];
  const begun = new Map<string, { readonly start: string; readonly from: number }>();
  for (const line of trace.split('\n')) {
    const [thread = '', text = ''] = line.split(/ +(.*)/);
    const before = begun.get(thread);
    if (cut.test(text)) {
      const start = text.replace(cut, '');
      begun.set(thread, { start, from: steps.length });
      steps.push(...stepOf(start.replace(flush, '').concat(') = 0'), 0));
    } else if (resumed.test(text) && before) {
      if (flush.test(before.start))
        steps.push(...stepOf(text.replace(resumed, before.start), before.from));
    } else steps.push(...stepOf(text, steps.length));
  }
  return steps;
}

function stepOf(line: string, from: number): readonly Step[] {
  // A socket shows its two ends with an arrow, which has the bracket that ends it.
  const { what = '', rest = '' } = call.exec(line.replace('->', '→'))?.groups ?? {};
  if (what === '') return [];
  if (what.startsWith('TCP')) return [{ did: 'say', text: rest }];
  return [
    flush.test(line)
      ? { did: 'flush', file: what, from }
      : { did: 'write', file: what, text: rest },
  ];
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
  const flushed = steps.findIndex(
    (step) => step.did === 'flush' && isJournal(step) && step.from > written,
  );
  const said = steps.findIndex(
    (step, index) => index > written && step.did === 'say' && acknowledges(step.text),
  );
  if (said < 0) return `${text} was never acknowledged`;
  if (flushed < 0 || said < flushed) return `${text} was acknowledged before it was flushed`;
  return undefined;
}
