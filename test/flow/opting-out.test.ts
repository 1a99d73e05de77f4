import { describe, expect, it } from 'vitest';
import type { LoopbackPerson } from '../../src/testing/loopback-network/index.ts';
import {
  arrives,
  bridgedRoom,
  ghost,
  link,
  roomWithBot,
  textsIn,
  until,
} from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

const OUT =
  'What you say is not passed on to Loop any more, and you leave it. What was passed on before stays there. Say “!loop optin” to be passed on again.';
const IN = 'What you say is passed on to Loop again.';

/** Whether somebody of ours is in the chat `town`. */
async function isThere(story: Story, { token }: LoopbackPerson, who: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${story.network.url}/chats/town`, { headers });
  const { members } = (await answer.json()) as { members: { id: string }[] };
  return members.some(({ id }) => id === who);
}

/** Ann and Bob in a room that is bridged to `town`, and both have spoken. */
async function scene(options: Parameters<typeof startStory>[0] = {}) {
  const story = await startStory(options);
  const { ann, carol, room } = await bridgedRoom(story);
  const bob = await story.person('bob');
  await ann.invite(room, bob.userId);
  await bob.join(room);
  await bob.say(room, 'b 0');
  await ann.say(room, 'a 0');
  await arrives(story, 'town', 'a 0');
  await arrives(story, 'town', 'b 0');
  return { story, ann, bob, carol, room };
}

describe('somebody who opts out', () => {
  it('is not passed on, and leaves, while everybody else is', async () => {
    const { story, ann, bob, carol, room } = await scene();
    const own = await roomWithBot(bob);
    expect(await isThere(story, carol, 'bob')).toBe(true);
    await bob.say(own, '!loop optout');
    await bob.hears(own, OUT);
    await until(async () => expect(await isThere(story, carol, 'bob')).toBe(false));
    const said = await bob.say(room, 'b 1');
    await bob.edit(room, said, 'b 1, edited');
    await bob.react(room, said, '👍');
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    await carol.say('town', 'c 1');
    await bob.hears(room, 'c 1');
    expect(textsIn(story, 'town')).toEqual(['b 0', 'a 0', 'a 1', 'c 1']);
    expect(await isThere(story, carol, 'bob')).toBe(false);
    const texts = await bob.texts(room);
    expect(
      texts.filter((text) => text.includes('bridge_bot') && !text.includes('bridged')),
    ).toEqual([]);
  });

  it('stays so over a start, until they opt in', async () => {
    const { story, ann, bob, room } = await scene();
    await bob.say(room, '!loop optout');
    await bob.hears(room, OUT);
    await story.restartBridge();
    await bob.say(room, 'b 1');
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    expect(textsIn(story, 'town')).toEqual(['b 0', 'a 0', 'a 1']);
    await bob.say(room, '!loop optin');
    await bob.hears(room, IN);
    await bob.say(room, 'b 2');
    await arrives(story, 'town', 'b 2');
    await story.restartBridge();
    await bob.say(room, 'b 3');
    await arrives(story, 'town', 'b 3');
    expect(textsIn(story, 'town').filter((text) => text.startsWith('b'))).toEqual([
      'b 0',
      'b 2',
      'b 3',
    ]);
  });

  it('may be somebody who may do nothing else, and is relayed', async () => {
    const permissions = { '@ann:hs.test': 'use', '*': 'relay' } as const;
    const { story, ann, bob, room } = await scene({ bridge: { permissions } });
    await bob.say(room, '!loop whois carol');
    await bob.hears(room, 'You are not allowed to use this bridge.');
    await bob.say(room, '!loop optout');
    await bob.hears(room, OUT);
    await bob.say(room, 'b 1');
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    expect(textsIn(story, 'town').join()).not.toContain('b 1');
  });

  it('gets no voice by anything else that they do', async () => {
    const { story, ann, bob, carol, room } = await scene();
    await bob.say(room, '!loop optout');
    await bob.hears(room, OUT);
    await until(async () => expect(await isThere(story, carol, 'bob')).toBe(false));
    await bob.leave(room);
    await ann.invite(room, bob.userId);
    await bob.join(room);
    await bob.createRoom({ invite: [ghost('carol')], is_direct: true });
    await until(() => expect(story.log.join()).toContain('You have no account on Loop'));
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    expect(await isThere(story, carol, 'bob')).toBe(false);
  });
});

describe('a word about privacy', () => {
  const privacyNotice = 'Of {chat} on {network}: {command} optout. {this}';
  const said = 'Of town on Loop: !loop optout. {this}';
  const notices = async (who: MatrixPerson, room: string) =>
    (await who.texts(room)).filter((text) => text.includes('optout'));

  it('is said in a room as it is linked, once', async () => {
    const { story, ann, room } = await scene({ bridge: { privacyNotice } });
    await ann.hears(room, said);
    await story.restartBridge();
    await link(ann, room, 'town');
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    expect(await notices(ann, room)).toEqual([`bridge_bot: ${said}`]);
    // Nor is it asked for again, which a homeserver that forgets transaction ids would do.
    const sends = story.between.asked.filter(({ path }) => path.includes('/send/'));
    const paths = sends.map(({ path }) => path.replace(/\?.*$/, ''));
    expect(paths).toEqual([...new Set(paths)]);
  });

  it('is said to each who gets a voice, once, where the operator wants it so', async () => {
    const bridge = { privacyNotice, privacyNoticeTo: 'people' } as const;
    const { story, ann, bob, room } = await scene({ bridge });
    await ann.hears(room, `${ann.userId}: ${said}`);
    await ann.hears(room, `${bob.userId}: ${said}`);
    await story.restartBridge();
    await bob.say(room, 'b 1');
    await arrives(story, 'town', 'b 1');
    expect(await notices(ann, room)).toHaveLength(2);
  });

  it('is not said where it is empty', async () => {
    const { ann, room } = await scene({ bridge: { privacyNotice: '', privacyNoticeTo: 'both' } });
    expect(await notices(ann, room)).toEqual([]);
  });
});
