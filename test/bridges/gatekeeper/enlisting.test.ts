import { describe, expect, it, vi } from 'vitest';
import { restoreUser, suspendUser } from '../../../gatekeeper/admin/users.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { useGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { approved, openOn } from './bench.ts';

const server = useGatekeeper();
let count = 0;
const newDomain = () => `enlisting${count++}.example`;

describe('a voice', () => {
  it('is a user over there, with one device that says that it is a bridge', async () => {
    const domain = newDomain();
    const { enlist } = await openOn({
      ...(await approved(server, domain)),
      operator: 'Bridges Ltd',
    });
    const { self } = await enlist('ann');
    const alice = await server.local('alice');

    const { body } = await alice.call('GET', `/users/${self}/devices`);
    const found = await alice.call('GET', `/users?q=ann@${domain}`);

    const [, payload = ''] = body.list.split('.');
    const list = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(list.devices).toMatchObject([{ id: 'bridge', kind: 'bridge', operator: 'Bridges Ltd' }]);
    expect(found.body.users).toMatchObject([{ user_ref: self, profile: { name: 'ann' } }]);
  });

  it('is the same one when it is opened again, also by another process', async () => {
    const options = await approved(server, newDomain());
    const disk = memoryDisk();
    const first = await openOn(options, disk);
    const { self } = await first.enlist('ann');
    expect((await first.enlist('ann')).self).toBe(self);
    await first.close();

    const second = await openOn(options, disk);

    expect((await second.enlist('ann')).self).toBe(self);
  });

  it('has a new account key where its database is lost, and is the same user', async () => {
    const options = await approved(server, newDomain());
    const first = await openOn(options);
    const { self } = await first.enlist('ann');
    await first.close();

    const second = await openOn(options);

    expect((await second.enlist('ann')).self).toBe(self);
  });

  it('goes on from a backup of its database that is older than its device list', async () => {
    const options = await approved(server, newDomain());
    const disk = memoryDisk();
    const first = await openOn(options, disk);
    await first.enlist('ann');
    await first.close();
    const lists = [...disk.values].filter(([key]) => key.includes('account'));
    const old = { values: new Map(disk.values), events: [] };
    for (const [key, value] of lists) {
      const { list, ...account } = JSON.parse(Buffer.from(value).toString());
      const expired = { ...list, untilMs: 0 };
      disk.values.set(key, Buffer.from(JSON.stringify({ ...account, list: expired })));
    }
    const renewed = await openOn(options, disk);
    await renewed.enlist('ann');
    await renewed.close();

    const restored = await openOn(options, old);

    await restored.enlist('ann');
  });

  it('is refused until its person has proved who they are, where the gatekeeper wants that', async () => {
    const domain = newDomain();
    const opened = await openOn(await approved(server, domain, { trustsAuth: false }));
    await expect(opened.enlist('ann')).rejects.toMatchObject({
      code: 'not_allowed',
      words: expect.stringContaining('`code`'),
    });
    const run = async (words: string) => {
      const voice = opened.voice('ann', 'enlisted', 'ann');
      const open = () => opened.network.session(voice, opened.signal);
      const own = { ...voice, isOpen: false, open, letGo: async () => {} };
      const call = { words, speaker: { userId: '@ann:example.org', displayName: 'ann' } };
      const command = opened.network.commands?.find(({ name }) => name === 'code');
      return command?.run({ ...call, voice: own, invite: async () => undefined }, opened.signal);
    };

    await expect(run('000000')).rejects.toMatchObject({ code: 'not_allowed' });
    expect(await run(server.codes.get(`ann@${domain}`) ?? '')).toContain('That is right');
    await opened.enlist('ann');
  });

  it('is gone over there once it is given up', async () => {
    const opened = await openOn(await approved(server, newDomain()));
    const { self } = await opened.enlist('ann');

    await opened.network.forget?.(opened.voice('ann', 'enlisted', 'ann'), opened.signal);

    await expect(opened.network.user?.(self, opened.signal)).rejects.toMatchObject({
      code: 'not_allowed',
    });
  });

  it('stands as the gatekeeper says: suspended, and back', async () => {
    const domain = newDomain();
    const opened = await openOn(await approved(server, domain));
    await opened.enlist('ann');
    const standings = () => opened.standings.map(({ standing, voice }) => [voice, standing.is]);

    suspendUser(server.admin, `ann@${domain}`, 'spam');
    await vi.waitFor(() => expect(standings()).toEqual([['ann', 'failed']]));
    restoreUser(server.admin, `ann@${domain}`);

    await vi.waitFor(() =>
      expect(standings()).toEqual([
        ['ann', 'failed'],
        ['ann', 'ready'],
      ]),
    );
  });
});
