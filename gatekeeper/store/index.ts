import { blocks } from './blocks.ts';
import { challenges } from './challenges.ts';
import { conversations } from './conversations.ts';
import { devices } from './devices.ts';
import { events } from './events.ts';
import { keys } from './keys.ts';
import { media } from './media.ts';
import { messages } from './messages.ts';
import { openDatabase, openUnhurried } from './open.ts';
import { providers } from './providers.ts';
import { sessions } from './sessions.ts';
import { usedTokens } from './used-tokens.ts';
import { users } from './users.ts';

export type Store = ReturnType<typeof openStore>;

/** The only folder that knows SQL. Whatever belongs together is written in one `transaction`. */
export function openStore(path: string) {
  const db = openDatabase(path);
  const unhurried = openUnhurried(path);
  return {
    providers: providers(db),
    users: users(db),
    sessions: sessions(db),
    challenges: challenges(db),
    blocks: blocks(db),
    devices: devices(db),
    keys: keys(db),
    conversations: conversations(db),
    messages: messages(db),
    events: events(db),
    media: media(db),
    usedTokens: usedTokens(unhurried),
    /** Another number once another process has written. */
    dataVersion: (): number => Number(db.pragma('data_version', { simple: true })),
    /** All of it is on disk when this returns, or nothing of it. */
    transaction: <T>(work: () => T): T => db.transaction(work).immediate(),
    close(): void {
      unhurried.close();
      db.close();
    },
  };
}
