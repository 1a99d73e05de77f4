import type { MatrixSide } from './matrix-side.ts';
import type { Until } from './until.ts';

interface Page {
  readonly chunk: readonly {
    readonly sender: string;
    readonly content: { readonly body?: string; readonly membership?: string };
  }[];
}

/** A walk that a crash broke off is begun anew, as people would, but not for ever. */
const mostAttempts = 5;

/** Somebody's room with nobody but the bot, where they ask it for something. */
export class TalkWithBot {
  readonly #matrix: MatrixSide;
  readonly #person: string;
  readonly #room: string;
  readonly #bot: string;
  readonly #until: Until;

  private constructor(of: {
    readonly matrix: MatrixSide;
    readonly person: string;
    readonly room: string;
    readonly bot: string;
    readonly until: Until;
  }) {
    this.#matrix = of.matrix;
    this.#person = of.person;
    this.#room = of.room;
    this.#bot = of.bot;
    this.#until = of.until;
  }

  static async begin(
    matrix: MatrixSide,
    { person, bot, until }: { person: string; bot: string; until: Until },
  ): Promise<TalkWithBot> {
    const options = { preset: 'trusted_private_chat', invite: [bot] };
    const room = await matrix.createRoom(person, options);
    const talk = new TalkWithBot({ matrix, person, room, bot, until });
    await until('the bot to join', async () => (await talk.#said()).length > 0);
    return talk;
  }

  /** Walks the login of somebody who has a token. */
  async logIn(token: string): Promise<void> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const asked = await this.ask('!loop login');
      if (asked.includes('already')) return;
      if (!asked.includes('Token?')) continue;
      if ((await this.ask(token)).includes('You are logged in')) return;
    }
    throw new Error(`${this.#person} could not log in`);
  }

  async logOut(): Promise<void> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++)
      if (/logged out|not logged in/.test(await this.ask('!loop logout'))) return;
    throw new Error(`${this.#person} could not log out`);
  }

  /** @returns what the bot says to it. */
  async ask(text: string): Promise<string> {
    const before = (await this.#said()).length;
    await this.#matrix.sayIn(this.#room, this.#person, { what: 'message', text });
    let said: readonly string[] = [];
    await this.#until(`an answer to "${text}"`, async () => {
      said = await this.#said();
      return said.length > before;
    });
    return said.at(-1) ?? '';
  }

  /** That it joined, and each of its words. */
  async #said(): Promise<readonly string[]> {
    const path = `/rooms/${encodeURIComponent(this.#room)}/messages?dir=b&limit=100`;
    const { chunk } = await this.#matrix.as<Page>(this.#person, 'GET', path);
    return chunk
      .filter(({ sender }) => sender === this.#bot)
      .map(({ content }) => content.body ?? content.membership ?? '')
      .filter((text) => text !== '')
      .reverse();
  }
}
