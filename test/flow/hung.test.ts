import { afterEach, describe, expect, it } from 'vitest';
import type { Handler, Network, NetworkAdapter, NetworkSession } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { arrives, bridgedRoom, ghost, link, roomWithBot, until } from './support/bridged-room.ts';
import { type FastClock, fastClock } from './support/fast-clock.ts';
import type { SeenEvent } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let clock: FastClock;
let story: Story;
afterEach(() => clock.run(100));

const never = () => new Promise<never>(() => {});
const STUCK = 'stuck';

/** The loopback network, but for what is put in the place of its own. */
const loopbackWith = (change: {
  readonly open?: () => Promise<never>;
  readonly network?: (own: Network) => Partial<Network>;
  readonly session?: (own: NetworkSession) => Partial<NetworkSession>;
  readonly message?: (own: Handler<'message'>) => Partial<Handler<'message'>>;
}): NetworkAdapter => ({
  ...(loopback as NetworkAdapter),
  async open(host) {
    const network = await (change.open ?? (loopback as NetworkAdapter).open)(host);
    return {
      ...network,
      async session(voice, signal) {
        const session = await network.session(voice, signal);
        const message = { ...session.on.message, ...change.message?.(session.on.message) };
        return { ...session, on: { ...session.on, message }, ...change.session?.(session) };
      },
      ...change.network?.(network),
    };
  },
});

/** A message waits for five minutes at most. */
const start = (change: Parameters<typeof loopbackWith>[0]) => {
  clock = fastClock();
  return startStory({ clock, bridge: { maxAgeMs: 300_000 }, adapter: loopbackWith(change) });
};

/** From now on a minute passes in a quarter of a second. */
const letTimePass = () => clock.run(250);

const answers = (content: SeenEvent['content'], event: string) =>
  JSON.stringify(content['m.relates_to'])?.includes(event);

/** Ann's bridged room, and another one whose chat is stuck. */
async function withStuckRoom() {
  const { ann, carol, room } = await bridgedRoom(story);
  const stuck = await roomWithBot(ann);
  await carol.join(STUCK);
  await link(ann, stuck, STUCK);
  return { ann, carol, room, stuck };
}

describe('an adapter that never answers', () => {
  it.each([
    ['send', { send: (own: Handler<'message'>) => own.send }, 'It is unknown whether'],
    ['encode', {}, 'has not reached Loop, because the network could not be reached'],
  ] as const)('to `%s` holds up its own chat, until the sender is told', async (what, _, words) => {
    story = await start({
      message: (own) =>
        what === 'send'
          ? {
              send: (part, signal) =>
                part.action.chat === STUCK ? never() : own.send(part, signal),
            }
          : {
              encode: async (action, signal) =>
                action.chat === STUCK || !own.encode ? never() : own.encode(action, signal),
            },
    });
    const { ann, room, stuck } = await withStuckRoom();
    const lost = await ann.say(stuck, 'lost');
    await ann.say(room, 'others go on');
    await arrives(story, 'town', 'others go on');
    letTimePass();
    const notice = await ann.sees(stuck, ({ content }) => answers(content, lost));
    expect(notice.content['body']).toContain(words);
  });

  it('to `join` holds up its own chat, until the sender is told', async () => {
    story = await start({
      session: (own) => ({
        join: async (chat, signal) => (chat === STUCK ? never() : own.join?.(chat, signal)),
      }),
    });
    const { ann, room, stuck } = await withStuckRoom();
    await ann.say(stuck, 'lost');
    await ann.say(room, 'others go on');
    await arrives(story, 'town', 'others go on');
    letTimePass();
    await ann.hears(
      stuck,
      'Your message has not reached Loop, because the network could not be reached.',
    );
  });

  it('to `session` holds up whoever it is for', async () => {
    story = await start({
      network: (own) => ({
        session: (voice, signal) =>
          voice.speaker?.userId.startsWith('@bert') ? never() : own.session(voice, signal),
      }),
    });
    const { ann, room, stuck } = await withStuckRoom();
    const bert = await story.person('bert');
    await ann.invite(stuck, bert.userId);
    await bert.join(stuck);
    const lost = await bert.say(stuck, 'lost');
    await ann.say(room, 'others go on');
    await arrives(story, 'town', 'others go on');
    letTimePass();
    const notice = await ann.sees(stuck, ({ content }) => answers(content, lost));
    expect(notice.content['body']).toContain('because the network could not be reached');
    clock.run(20);
    await ann.say(stuck, 'and here as well');
    await arrives(story, STUCK, 'and here as well');
  });

  it('to `user` costs a name', async () => {
    story = await start({ network: () => ({ user: never }) });
    const { ann, carol, room } = await bridgedRoom(story);
    letTimePass();
    await carol.say('town', 'hello');
    expect((await ann.hears(room, 'hello')).sender).toBe(ghost('carol'));
    expect((await ann.members(room))[ghost('carol')]?.display_name).toBe('carol');
  });

  it('to `watch` is asked again, and a line says so', async () => {
    story = await start({ network: () => ({ watch: never }) });
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'hello');
    await ann.hears(room, 'hello');
    letTimePass();
    await until(() =>
      expect(story.log.join('\n')).toMatch(/warn A chat cannot be watched.*No answer/),
    );
  });

  it('to `unwatch` holds up no command', async () => {
    story = await start({ network: () => ({ unwatch: never }) });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, '!loop unbridge');
    letTimePass();
    await ann.sees(room, ({ content }) => String(content['body']).includes('no longer bridged'));
  });

  it('to `open` is in the log', async () => {
    story = await start({ open: never });
    letTimePass();
    await until(() => expect(story.log.join('\n')).toMatch(/warn A network takes long to open/));
  });

  it('to `close`, of a session or of itself, does not hold up the end', async () => {
    story = await start({ session: () => ({ close: never }), network: () => ({ close: never }) });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    letTimePass();
    await story.stopBridge();
    expect(story.log.join('\n')).toContain('A network did not close in time');
  });
});
