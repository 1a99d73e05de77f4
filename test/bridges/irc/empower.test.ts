import { describe, expect, it, vi } from 'vitest';
import { letterFor } from '../../../bridges/irc/empower.ts';
import type { MatrixAction, NetworkSession } from '../../../src/adapter/index.ts';
import { chat, speaker } from './bench.ts';
import { enter, listening } from './listening.ts';

const levels = { o: 100, h: 50, v: 1 };

describe('letterFor', () => {
  it.each([
    [0, 'ohv', ''],
    [1, 'ohv', 'v'],
    [60, 'ohv', 'h'],
    [60, 'ov', 'v'],
    [100, 'qaohv', 'o'],
  ])('is for %i where there are %s: “%s”', (power, prefixModes, letter) => {
    expect(letterFor(power, levels, { prefixModes })).toBe(letter);
  });
});

type Changes = MatrixAction<'power'>['changes'];

async function give(session: NetworkSession, changes: Changes): Promise<unknown> {
  const action = { kind: 'power', chat, speaker, changes } as const;
  const part = { key: 'k1', action, firstTriedAtMs: 0 };
  return session.on.power?.send(part, AbortSignal.timeout(5_000));
}

/** A channel with bob in it, whose operators are these. */
async function channel(
  operators: readonly string[],
  options: object = { powerFromMatrix: levels },
) {
  const opened = await listening(
    {
      isupport: ['PREFIX=(ohv)@%+'],
      deal(client, command, [name, ...more]) {
        if (command !== 'MODE' || more.length === 0 || name !== '#a') return false;
        if (!operators.includes(client.nick))
          client.say(`:s 482 ${client.nick} #a :You are no channel operator`);
        return true;
      },
    },
    undefined,
    {},
    options,
  );
  await enter(opened.server, 'bob');
  await vi.waitFor(async () =>
    expect((await opened.network.chat?.({ chat }, opened.signal))?.members).toEqual(['bob']),
  );
  const ann = await opened.enlist('ann');
  await ann.join?.(chat, opened.signal);
  const modes = (nick: string) => opened.server.client(nick).sent('MODE');
  return { ...opened, ann, modes };
}

describe('power that somebody gives in a room', () => {
  const up = [{ user: 'bob', was: 0, is: 100 }] as unknown as Changes;

  it('is given by their voice, where that may', async () => {
    const { ann, modes } = await channel(['ann[m]']);
    await give(ann, up);
    await give(ann, [{ user: 'bob', was: 100, is: 50 }] as unknown as Changes);
    expect(modes('ann[m]')).toEqual(['MODE #a +o bob', 'MODE #a -o+h bob bob']);
    expect(modes('drawbridge')).toEqual([]);
  });

  it('is given by the bot, where only that may', async () => {
    const { ann, modes } = await channel(['drawbridge']);
    await give(ann, [{ voice: 'voice-ann', was: 0, is: 1 }] as unknown as Changes);
    expect(modes('drawbridge')).toEqual(['MODE #a +v ann[m]']);
  });

  it('is refused where neither may', async () => {
    const { ann } = await channel([]);
    await expect(give(ann, up)).rejects.toMatchObject({ code: 'not_allowed', effect: 'none' });
  });

  it('asks nothing of the network for who is not there, or is the same for it', async () => {
    const { ann, modes } = await channel(['ann[m]']);
    const changes = [
      { user: 'cyd', was: 0, is: 100 },
      { user: 'bob', was: 60, is: 70 },
    ] as unknown as Changes;
    expect(await give(ann, changes)).toEqual({ ids: [] });
    expect(modes('ann[m]')).toEqual([]);
  });

  it('is no concern of the network without the option', async () => {
    const { ann, network } = await channel([], {});
    expect(ann.on.power).toBeUndefined();
    expect(network.takesPower).toBe(false);
  });
});
