import { onTestFinished } from 'vitest';
import { irc } from '../../../bridges/irc/index.ts';
import type { NetworkAdapter } from '../../../src/adapter/index.ts';
import { BOT } from '../../flow/support/bridged-room.ts';
import type { MatrixPerson } from '../../flow/support/matrix-person.ts';
import { startStory } from '../../flow/support/story.ts';
import type { IrcServer } from '../servers/irc.ts';
import { hasty } from './irc-bench.ts';
import { IrcPerson } from './irc-person.ts';

/** A room that Ann has made, with the bot in it. */
export async function roomWith(ann: MatrixPerson, options: object = {}): Promise<string> {
  const room = await ann.createRoom({ invite: [BOT], ...options });
  const isBot = ({ state_key, content }: { state_key?: string; content: object }) =>
    state_key === BOT && 'membership' in content && content.membership === 'join';
  await ann.sees(room, isBot, 'the bot');
  return room;
}

/** A whole bridge to a real server: Bob, who has made `#a`, and Ann in a room that is bridged to it. */
export async function ircRoom(server: IrcServer, config: object = {}) {
  const bob = await IrcPerson.enter(server.port, 'bob');
  onTestFinished(() => bob.quit());
  await bob.join('#a');
  const { port, tlsPort } = server;
  const address = { host: '127.0.0.1', port: tlsPort ?? port, tls: tlsPort !== undefined };
  const story = await startStory({
    adapter: irc as unknown as NetworkAdapter,
    network: { options: irc.config.parse({ ...address, ...hasty, ...config }) },
  });
  const ann = await story.person('ann');
  const room = await roomWith(ann);
  await ann.say(room, '!loop bridge #a');
  await ann.hears(room, 'This room is bridged to #a on Loop now.');
  return { server, story, bob, ann, room };
}
