import { describe, expect, it } from 'vitest';
import type { Host, Network, NetworkAdapter } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { arrives, BOT, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { SERVER, type Story, startStory } from './support/story.ts';

let story: Story;
const ALIAS = `#bans:${SERVER}`;
const KEPT_OUT =
  'Your message has not reached Loop, because you are kept out of this bridge. Nor will what you say next, of which you are not told again.';

const rule = (mod: MatrixPerson, list: string, entity: string, type = 'm.policy.rule.user') =>
  mod.ask<{ event_id: string }>('PUT', `/rooms/${encodeURIComponent(list)}/state/${type}/spam`, {
    entity,
    recommendation: 'm.ban',
    reason: 'spam',
  });

/** A bridge that follows a list of Mod, which is there only from now on, and Ann in a bridged room. */
async function withList(options: Parameters<typeof startStory>[0] = {}) {
  story = await startStory({ ...options, bridge: { policyRooms: [ALIAS], ...options.bridge } });
  const mod = await story.person('mod');
  const list = await mod.createRoom({ room_alias_name: 'bans', preset: 'public_chat' });
  const { ann, room, carol } = await bridgedRoom(story);
  await story.restartBridge();
  await until(async () => expect(await mod.members(list)).toHaveProperty([BOT]));
  return { mod, list, ann, room, carol };
}

/** The loopback network, which writes down whose connection is closed. */
function closing(closed: string[]): NetworkAdapter {
  const open = async (host: Host<unknown>): Promise<Network> => {
    const network = await loopback.open(host as never);
    const session: Network['session'] = async (voice, signal) => {
      const made = await network.session(voice, signal);
      const close = async () => {
        closed.push(voice.id);
        await made.close();
      };
      return Object.assign(Object.create(made), { close });
    };
    return { ...network, session };
  };
  return { ...loopback, open } as NetworkAdapter;
}

const saidInLog = (words: string) => story.log.filter((line) => line.includes(words));
const heardOf = async (ann: MatrixPerson, room: string) =>
  (await ann.texts(room)).filter((text) => text.includes('kept out'));

describe('somebody whom a policy room bans', () => {
  it('is not an admin: whoever keeps a list could keep them out of their own bridge', async () => {
    const { mod, list, ann, room } = await withList({
      bridge: { permissions: { '*': 'use', [`@ann:${SERVER}`]: 'admin' } },
    });
    await rule(mod, list, '*');
    await until(() => expect(saidInLog('Others are kept out')).toHaveLength(1));
    await ann.say(room, 'still here');
    await arrives(story, 'town', 'still here');
  });

  it('is not bridged, is told once, and is let in again when the rule goes', async () => {
    const { mod, list, ann, room } = await withList();
    await ann.say(room, 'one');
    await arrives(story, 'town', 'one');
    const { event_id } = await rule(mod, list, '@a*:hs.test');
    await until(() => expect(saidInLog('Others are kept out')).toHaveLength(1));
    await ann.say(room, 'two');
    await ann.hears(room, KEPT_OUT);
    await ann.say(room, 'three');
    await ann.say(room, '!loop status');
    await ann.hears(room, 'You are not allowed to use this bridge.');
    await until(async () => expect(await story.queueLength()).toBe(0));
    await mod.redact(list, event_id);
    await until(() => expect(saidInLog('Others are kept out')).toHaveLength(2));
    await ann.say(room, 'four');
    await arrives(story, 'town', 'four');
    expect(textsIn(story, 'town')).toEqual(['one', 'four']);
    expect(await heardOf(ann, room)).toHaveLength(1);
  });

  it('leaves the network at once', async () => {
    const closed: string[] = [];
    const { mod, list, ann, room } = await withList({ adapter: closing(closed) });
    await ann.say(room, 'one');
    await arrives(story, 'town', 'one');
    await rule(mod, list, SERVER, 'm.policy.rule.server');
    await until(() => expect(closed).toEqual([`loop/enlisted/${ann.userId}`]));
  });

  it('is so from the first message after a start, also while the homeserver does not tell', async () => {
    const { mod, list, ann, room } = await withList();
    await rule(mod, list, ann.userId, 'org.matrix.mjolnir.rule.user');
    await until(() => expect(saidInLog('Others are kept out')).toHaveLength(1));
    await story.stopBridge();
    await ann.say(room, 'one');
    story.between.interfere(({ path }) =>
      path.includes('/join/') ? { status: 403, errcode: 'M_FORBIDDEN' } : undefined,
    );
    await story.restartBridge();
    await ann.hears(room, KEPT_OUT);
    expect(textsIn(story, 'town')).toEqual([]);
    expect(saidInLog('error A policy room cannot be read')).not.toEqual([]);
  });

  it('is only whom a room of the config bans', async () => {
    const { ann, room } = await withList();
    await rule(ann, room, '*', 'm.policy.rule.server');
    await ann.say(room, 'one');
    await arrives(story, 'town', 'one');
    expect(await heardOf(ann, room)).toEqual([]);
  });
});

describe('a policy room that cannot be read', () => {
  it('stops nobody, is told, and is read when the bot is let in', async () => {
    story = await startStory({ bridge: { policyRooms: [ALIAS] } });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'one');
    await arrives(story, 'town', 'one');
    expect(saidInLog('error A policy room cannot be read')).toHaveLength(1);
    const mod = await story.person('mod');
    const list = await mod.createRoom({ room_alias_name: 'bans' });
    await rule(mod, list, ann.userId);
    await mod.invite(list, BOT);
    await until(() => expect(saidInLog('A policy room is read again')).toHaveLength(1));
    await ann.say(room, 'two');
    await ann.hears(room, KEPT_OUT);
  });
});
