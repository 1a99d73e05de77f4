import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, BOT, bridgedRoom, ghost, roomWithBot, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const ASKED =
  'Token? Say it as your next message, or “!loop cancel”. It is deleted here once I have read it.';
const NOT_DELETED = 'I may not delete your message here: please delete it yourself.';

/** A room of nobody but Ann and the bot, as clients make it for a private chat. */
async function talkToBot(ann: MatrixPerson): Promise<string> {
  const room = await ann.createRoom({ preset: 'trusted_private_chat', invite: [BOT] });
  await ann.sees(
    room,
    ({ state_key, content }) => state_key === BOT && content['membership'] === 'join',
    'the bot',
  );
  return room;
}

async function logIn(ann: MatrixPerson, token: string, as: string): Promise<string> {
  const room = await talkToBot(ann);
  await ann.say(room, '!loop login');
  await ann.hears(room, ASKED);
  await ann.say(room, token);
  await ann.hears(room, `You are logged in to Loop as ${as}.`);
  return room;
}

/** Who said it over there, by which kind of account. */
const senderOf = (text: string) =>
  story.network.messages('town').find((message) => message.text === text)?.sender;

describe('a login', () => {
  it('lets somebody speak with their own account, until they log out', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const own = await loopbackPerson(story.network.url, { id: 'anna', displayName: 'Anna' });
    await ann.say(room, 'enlisted');
    await arrives(story, 'town', 'enlisted');
    const chat = await logIn(ann, own.token, 'anna');

    await ann.say(room, 'my own');
    await arrives(story, 'town', 'my own');
    expect(senderOf('my own')).toBe('anna');
    await story.restartBridge();
    await ann.say(room, 'still my own');
    await arrives(story, 'town', 'still my own');
    expect(senderOf('still my own')).toBe('anna');

    await ann.say(chat, '!loop logout');
    await ann.hears(chat, 'You are logged out of Loop, and all that was kept for it here is gone.');
    await ann.say(room, 'enlisted again');
    await arrives(story, 'town', 'enlisted again');
    expect(senderOf('enlisted again')).toBe(senderOf('enlisted'));
  });

  it('deletes the secret from the room, and keeps it nowhere in clear', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const own = await loopbackPerson(story.network.url, { id: 'anna' });
    const chat = await logIn(ann, own.token, 'anna');
    expect(await ann.texts(chat)).not.toContain(`ann: ${own.token}`);
    await story.stopBridge();
    expect(await story.filesWith(own.token)).toEqual([]);
    expect(story.log.filter((line) => line.includes(own.token))).toEqual([]);
  });

  it('says so where the bot may not delete a secret', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const own = await loopbackPerson(story.network.url, { id: 'anna' });
    const chat = await roomWithBot(ann);
    await ann.say(chat, '!loop login token');
    await ann.hears(chat, ASKED);
    await ann.say(chat, own.token);
    await ann.hears(chat, `${NOT_DELETED}\nYou are logged in to Loop as anna.`);
  });

  it('hears what is said to the account in private from the first moment after a start', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const own = await loopbackPerson(story.network.url, { id: 'anna' });
    const carol = await loopbackPerson(story.network.url, { id: 'carol' });
    await logIn(ann, own.token, 'anna');
    await story.restartBridge();
    await carol.say(await carol.direct('anna'), 'psst');
    const room = await ann.invited();
    await ann.join(room);
    expect((await ann.hears(room, 'psst')).sender).toBe(ghost('carol'));
  });

  it('is refused with a wrong token, and may be begun again', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const chat = await talkToBot(ann);
    await ann.say(chat, '!loop login');
    await ann.hears(chat, ASKED);
    await ann.say(chat, 'made-up');
    await ann.hears(chat, 'Loop did not accept this.\nSay “!loop login” to begin again.');
    const own = await loopbackPerson(story.network.url, { id: 'anna' });
    await logIn(ann, own.token, 'anna');
    await ann.say(chat, '!loop login');
    await ann.hears(
      chat,
      'You are logged in to Loop already. For another account say “!loop logout” first.',
    );
  });

  it('is not begun where others could read it, nor on a way that there is not', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, '!loop login');
    await ann.hears(
      room,
      `Not here, as others could read it. Invite ${BOT} into a room with nobody else in it, and say “!loop login” there.`,
    );
    const chat = await talkToBot(ann);
    await ann.say(chat, '!loop login by-magic');
    await ann.hears(chat, 'Say which way:\n!loop login token: With a token');
  });

  it('is given up on request, and with the bridge: whoever answers then is told', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const chat = await talkToBot(ann);
    await ann.say(chat, '!loop login');
    await ann.hears(chat, ASKED);
    await ann.say(chat, '!loop cancel');
    await ann.hears(chat, 'The login was given up.');
    await ann.say(chat, '!loop cancel');
    await ann.hears(chat, 'Nothing is under way here.');

    await ann.say(chat, '!loop login');
    await until(async () =>
      expect((await ann.texts(chat)).filter((text) => text.endsWith(ASKED))).toHaveLength(2),
    );
    await story.restartBridge();
    await ann.say(chat, 'an answer to nobody');
    await ann.hears(
      chat,
      'I only understand commands: say “!loop help”. Nothing is under way here. If this was a secret, delete it.',
    );
    // Once: two bots could talk to each other for ever.
    await ann.say(chat, 'and again');
    await ann.say(chat, '!loop logout');
    await ann.hears(chat, 'You are not logged in to Loop.');
    const hints = (await ann.texts(chat)).filter((text) => text.includes('only understand'));
    expect(hints).toHaveLength(1);
  });
});

describe('a login that the network no longer takes', () => {
  it('holds its messages, says so, and sends them after a new login', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const own = await loopbackPerson(story.network.url, { id: 'anna' });
    const chat = await logIn(ann, own.token, 'anna');
    const renewed = await revoke(own.token);
    await story.restartBridge();
    // A login listens, so it is opened before anybody speaks with it.
    await until(() => expect(story.log.join()).toContain('A voice cannot speak'));

    await ann.say(room, 'held 1');
    await ann.hears(
      room,
      'You are logged out of Loop: what you say here waits until you say “!loop login” in a private chat with me.',
    );
    await ann.say(room, 'held 2');
    await ann.say(chat, '!loop login');
    await until(async () =>
      expect((await ann.texts(chat)).filter((text) => text.endsWith(ASKED))).toHaveLength(2),
    );
    await ann.say(chat, renewed);
    await arrives(story, 'town', 'held 2');
    expect(story.network.messages('town').map(({ text, sender }) => [text, sender])).toEqual([
      ['held 1', 'anna'],
      ['held 2', 'anna'],
    ]);
    const told = (await ann.texts(room)).filter((text) => text.includes('You are logged out'));
    expect(told).toHaveLength(1);
  });
});

/** Ends a token. @returns another one of the same person. */
async function revoke(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { url } = story.network;
  const made = await fetch(`${url}/me/tokens`, { method: 'POST', headers, body: '{}' });
  await fetch(`${url}/me/tokens/current`, { method: 'DELETE', headers });
  return ((await made.json()) as { token: string }).token;
}
