import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askBridge } from '../../src/operator/ask.ts';
import { arrives, bridgedRoom, roomWithBot, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;
const ask = (what: string, asked: object) =>
  askBridge(join(dirname(story.database), 'operator.sock'), what, asked);
/** The lines that are kept of what operators asked. */
const audit = () =>
  story.log.flatMap((line) => {
    const [, fields] = line.split("info An operator's command ");
    return fields === undefined ? [] : [JSON.parse(fields)];
  });
const permissions = { '@adm:hs.test': 'admin', '*': 'use' } as const;
const CLOSED = 'Closed: loop/enlisted/@ann:hs.test.';

/** Ann has said something in a bridged room, and the admin is alone with the bot in another. */
async function spoken() {
  story = await startStory({ bridge: { permissions } });
  const { ann, room } = await bridgedRoom(story);
  await ann.say(room, 'hello');
  await arrives(story, 'town', 'hello');
  const adm = await story.person('adm');
  return { ann, room, adm, office: await roomWithBot(adm) };
}

const isAnswered = (who: MatrixPerson, room: string, words: string) =>
  who.sees(room, ({ content }) => String(content['body']).includes(words));

describe('what somebody has open', () => {
  it('is told to an operator on the machine, and closed; it is back when they speak', async () => {
    const { ann, room } = await spoken();
    const user = { user: ann.userId };
    const state = (voice: object) => ({
      ...{ user: ann.userId, permission: 'use' },
      networks: [
        {
          ...{ network: 'loop', isOptedOut: false, isHeldBack: false, waiting: 0 },
          voices: [{ kind: 'enlisted', ...voice }],
        },
      ],
    });
    const open = { is: 'open', self: 'ann', lastUsedAtMs: expect.any(Number) };
    await until(async () => expect(await ask('user', user)).toEqual(state(open)));
    expect(await ask('kill', user)).toEqual({ closed: ['loop/enlisted/@ann:hs.test'] });
    expect(await ask('user', user)).toEqual(state({ is: 'closed' }));
    expect(await ask('kill', user)).toEqual({ closed: [] });
    await expect(ask('kill', { ...user, network: 'else' })).rejects.toThrow('only loop');
    const asked = { by: 'the machine', what: 'kill', arguments: user };
    expect(audit().filter(({ what }) => what === 'kill')).toEqual([
      ...[1, 2].map(() => ({ ...asked, outcome: 'ok' })),
      {
        ...{ ...asked, arguments: { ...user, network: 'else' }, outcome: 'failed' },
        reason: 'There is no network else, only loop',
      },
    ]);
    await ann.say(room, 'me again');
    await arrives(story, 'town', 'me again');
    expect(await ask('user', user)).toMatchObject(state({ is: 'open' }));
  });

  it('is closed once it is idle for as long as an operator says, or only named', async () => {
    const { ann } = await spoken();
    const user = { user: ann.userId };
    expect(await ask('reap', { idleMs: 3_600_000 })).toEqual({ idle: [] });
    const isThere = (is: string) =>
      until(async () =>
        expect(await ask('user', user)).toMatchObject({ networks: [{ voices: [{ is }] }] }),
      );
    await isThere('open');
    const idle = [{ voice: 'loop/enlisted/@ann:hs.test', idleMs: expect.any(Number) }];
    await until(async () =>
      expect(await ask('reap', { idleMs: 1, isDry: true })).toEqual({ idle }),
    );
    await isThere('open');
    expect(await ask('reap', { idleMs: 1, network: 'loop' })).toEqual({ idle });
    await isThere('closed');
  });

  it('is told to an admin in private with the bot, and closed', async () => {
    const { ann, adm, office } = await spoken();
    await adm.say(office, `!loop user ${ann.userId}`);
    await isAnswered(adm, office, '@ann:hs.test has the permission “use”.');
    await isAnswered(adm, office, 'loop     enlisted  open   ann');
    await adm.say(office, `!loop kill ${ann.userId} too loud`);
    await isAnswered(adm, office, CLOSED);
    await adm.say(office, '!loop kill ann');
    const why = 'A user of Matrix is named as @name:server, not ann';
    await isAnswered(adm, office, why);
    const asked = { by: adm.userId, what: 'kill', network: 'loop' };
    expect(audit()).toEqual([
      { ...asked, what: 'user', arguments: ann.userId, outcome: 'ok' },
      { ...asked, arguments: `${ann.userId} too loud`, outcome: 'ok' },
      { ...asked, arguments: 'ann', outcome: 'failed', reason: why },
    ]);
  });

  it('is told to an admin in private with the bot with how the bridge stands, and only there', async () => {
    const { ann, room, adm, office } = await spoken();
    await adm.say(office, '!loop status');
    await isAnswered(adm, office, 'NETWORK  STATE      VOICES  HELD BACK  WAITING');
    await isAnswered(adm, office, 'loop     connected  1       0          0 there, 0 here');
    expect(audit()).toEqual([{ by: adm.userId, what: 'status', outcome: 'ok' }]);
    const own = await roomWithBot(ann);
    await ann.say(own, '!loop status');
    await isAnswered(ann, own, 'This room is not bridged.');
    await ann.invite(room, adm.userId);
    await adm.join(room);
    await adm.say(room, '!loop status');
    await isAnswered(ann, room, 'town on Loop: connected');
    await adm.invite(office, ann.userId);
    await ann.join(office);
    await adm.say(office, '!loop status');
    await isAnswered(ann, office, 'This room is not bridged.');
  });

  it('is told to nobody else, nor where others read it', async () => {
    const { ann, room, adm } = await spoken();
    await ann.say(room, `!loop kill ${ann.userId}`);
    await isAnswered(ann, room, 'Only those who run the bridge may use this.');
    await ann.say(room, '!loop help');
    const help = await isAnswered(ann, room, 'Commands for Loop');
    expect(help.content['body']).not.toContain('!loop kill');
    await ann.invite(room, adm.userId);
    await adm.join(room);
    await adm.say(room, `!loop user ${ann.userId}`);
    await isAnswered(ann, room, 'Say this where nobody is but you and me.');
    expect(await ask('user', { user: ann.userId })).toMatchObject({
      networks: [{ voices: [{ is: 'open' }] }],
    });
  });
});
