import { describe, expect, it } from 'vitest';
import type { Host, Mention, NetworkAdapter, RemoteEvent, VoiceId } from '#adapter';
import { remoteUserId } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { arrives, bridgedRoom, ghost } from './support/bridged-room.ts';
import { startStory } from './support/story.ts';

const pill = (userId: string, name: string) =>
  `<a href="https://matrix.to/#/${userId}">${name}</a>`;

type Emitted = Parameters<Host<unknown>['emit']>;

/** The reference adapter on a network that knows mentions. @param heard those of what was said to it. */
function naming(
  mentions: (text: string) => readonly Mention[],
  heard: (readonly Mention[])[] = [],
) {
  const named = (event: RemoteEvent): RemoteEvent =>
    event.kind === 'message'
      ? { ...event, body: { ...event.body, mentions: mentions(event.body.text) } }
      : event;
  return {
    ...loopback,
    async open(host) {
      const network = await loopback.open({
        ...host,
        emit: (events: Emitted[0], save: Emitted[1]) => host.emit([events].flat().map(named), save),
      } as never);
      return {
        ...network,
        async session(voice, signal) {
          const session = await network.session(voice, signal);
          const { message } = session.on;
          const encode: typeof message.encode = async (action, signal) => {
            heard.push(action.body.mentions ?? []);
            return (await message.encode?.(action, signal)) ?? { parts: [] };
          };
          return { ...session, on: { ...session.on, message: { ...message, encode } } };
        },
      };
    },
  } as NetworkAdapter;
}

describe('a mention', () => {
  it('from the network is one of the person or the ghost in the room, and of nobody else', async () => {
    const voice = 'loop/enlisted/@ann:hs.test' as VoiceId;
    const adapter = naming((text) => [
      { start: 0, end: text.indexOf(':'), voice },
      { start: text.indexOf('carol'), end: text.indexOf('carol') + 5, user: remoteUserId('carol') },
      { start: text.length - 4, end: text.length, user: remoteUserId('dave') },
    ]);
    const story = await startStory({ adapter });
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    await carol.say('town', 'ann: I am carol, not dave');
    const { content } = await ann.hears(room, 'ann: I am carol, not dave');
    expect(content['m.mentions']).toEqual({ user_ids: [ann.userId, ghost('carol')] });
    expect(content['formatted_body']).toBe(
      `${pill(ann.userId, 'ann')}: I am ${pill(ghost('carol'), 'carol')}, not dave`,
    );
  });

  it('in a room is told to the network, of its people and our voices', async () => {
    const heard: (readonly Mention[])[] = [];
    const story = await startStory({ adapter: naming(() => [], heard) });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    const names = [
      pill(ghost('carol'), 'Carol'),
      pill(ann.userId, 'Ann'),
      pill('@eve:hs.test', 'Eve'),
    ];
    const html = { format: 'org.matrix.custom.html', formatted_body: names.join(' ') };
    await ann.say(room, 'Carol Ann Eve', html);
    await arrives(story, 'town', 'Carol Ann Eve');
    expect(heard.at(-1)).toEqual([
      { start: 0, end: 5, user: 'carol' },
      { start: 6, end: 9, voice: 'loop/enlisted/@ann:hs.test' },
    ]);
  });
});
