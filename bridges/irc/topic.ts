import { readFormatting } from './format.ts';
import { type Line, parseSource, type Source } from './wire/line.ts';

const SECOND_MS = 1_000;

/** What a channel is about, as the server has last said. */
export class Topic {
  /** Absent: not known yet. */
  text: string | undefined;
  /** Who has set it. Absent: nobody knows. */
  by: Source | undefined;
  atMs = 0;

  /** The channel is joined anew: of a topic that is not there the server says nothing. */
  begin(): void {
    this.text = undefined;
    this.by = undefined;
  }

  /** A line that speaks of it: it was set (TOPIC), or is told of to whoever joins. */
  hear({ command, source, params }: Line, saidAtMs: number): void {
    if (command === '333') {
      this.by = parseSource(params[2] ?? '');
      this.atMs = Number(params[3]) * SECOND_MS || saidAtMs;
      return;
    }
    this.text = readFormatting(command === '331' ? '' : (params.at(-1) ?? '')).text;
    this.by = command === 'TOPIC' ? source : undefined;
    this.atMs = saidAtMs;
  }
}
