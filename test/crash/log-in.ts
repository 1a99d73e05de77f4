import { setTimeout as wait } from 'node:timers/promises';
import type { MatrixSide } from './matrix-side.ts';

const patienceMs = 30_000;
const pollMs = 50;

interface Page {
  readonly chunk: readonly {
    readonly sender: string;
    readonly content: { readonly body?: string; readonly membership?: string };
  }[];
}

/** Walks the login of somebody who has a token, as people do: in a room with nobody but the bot. */
export async function logIn(
  matrix: MatrixSide,
  bot: string,
  { person, token }: { readonly person: string; readonly token: string },
): Promise<void> {
  const room = await matrix.createRoom(person, { preset: 'trusted_private_chat', invite: [bot] });
  const path = `/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=20`;
  const say = (text: string) => matrix.sayIn(room, person, { what: 'message', text });
  async function botSays(words: string): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      const { chunk } = await matrix.as<Page>(person, 'GET', path);
      const isIt = ({ body, membership }: Page['chunk'][number]['content']) =>
        membership === words || body?.includes(words);
      if (chunk.some(({ sender, content }) => sender === bot && isIt(content))) return;
      await wait(pollMs);
    }
    throw new Error(`the bot did not say "${words}" to ${person}`);
  }
  await botSays('join');
  await say('!loop login');
  await botSays('Token?');
  await say(token);
  await botSays('You are logged in');
}
