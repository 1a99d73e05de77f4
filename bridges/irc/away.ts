import type { AdapterState } from '#adapter';
import { writableLines } from './format.ts';
import { buildLine } from './wire/line.ts';
import { splitText } from './wire/split.ts';

/** What servers take, where they say nothing (AWAYLEN). */
const LONGEST = 200;
const WITHOUT_WORDS = 'Away';

/** Says that somebody is away, on one line and with some word, or back (`undefined`). */
export function awayLine(words: string | undefined, most = LONGEST): string {
  if (words === undefined) return buildLine('AWAY', []);
  const text = writableLines(words).join(' ').trim() || WITHOUT_WORDS;
  return buildLine('AWAY', [splitText(text, most)[0] ?? WITHOUT_WORDS]);
}

/** Where the word of a person who is away is kept. */
const AWAY = 'away';

/** Whether somebody is away: as they said themselves, which goes before, and as their client says. */
export class Absence {
  private readonly state: AdapterState;
  private readonly heedsClient: boolean;
  private readonly write: (line: string) => Promise<void>;
  /** What they said. Absent: they are there. */
  private own: string | undefined;
  /** What is shown for their client. */
  private shown: string | undefined;

  /** @param write puts a line on the connection, if there is one. */
  constructor(state: AdapterState, heedsClient: boolean, write: Absence['write']) {
    this.state = state;
    this.heedsClient = heedsClient;
    this.write = write;
  }

  async load(): Promise<void> {
    const stored = await this.state.get(AWAY);
    this.own = stored && Buffer.from(stored).toString();
  }

  /** A new connection knows nothing of it. @returns what it is to be told. */
  begin(): string | undefined {
    this.shown = undefined;
    return this.own === undefined ? undefined : awayLine(this.own);
  }

  /** It holds over a start. Resolves once it is on disk, and said. */
  async say(words: string | undefined): Promise<void> {
    const value = words === undefined ? null : Buffer.from(words);
    await this.state.save([this.state.change(AWAY, value)]);
    this.own = words;
    await this.write(awayLine(words));
  }

  asClientSays(words: string | undefined): void {
    if (!this.heedsClient || this.own !== undefined || words === this.shown) return;
    this.shown = words;
    this.write(awayLine(words)).catch(() => {});
  }
}
