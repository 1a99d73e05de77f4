import { beforeAll, describe, expect, it } from 'vitest';
import { path, say } from '../src/testing/dev-homeserver/support/api.ts';
import type { Pushed } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, until } from './bench.ts';
import { idsOf, timeline } from './look.ts';
import { quietRoom } from './quiet-room.ts';

const text = (body: string) => ({ msgtype: 'm.text', body });
const idOf = (pushed?: Pushed) => pushed?.path.split('/').at(-1);

export function restartClauses(open: Open): void {
  describe('with nothing left to deliver', () => {
    let earlier: Awaited<ReturnType<typeof live>>;

    async function live() {
      const { alice, one, room, slow, restart, name } = open();
      const to = path`/rooms/${room}/send/m.room.message/${name()}`;
      const [byPerson, byGhost] = [await alice.put(to, text('a')), await one.put(to, text('a'))];
      await quietRoom(open);
      const before = idsOf(await timeline(alice, room));
      const sent = slow.transactions.length;
      await restart();
      return { to, byPerson, byGhost, before, sent };
    }

    beforeAll(async () => {
      earlier = await live();
    });

    it('everything is as it was', async () => {
      const { alice, room } = open();
      expect(idsOf(await timeline(alice, room))).toEqual(earlier.before);
    });

    it('a request of an appservice is forgotten: the same one makes a second event', async () => {
      const { one } = open();
      const again = await one.put(earlier.to, text('a'));
      expect(again.status).toBe(200);
      expect(again.body.event_id).not.toBe(earlier.byGhost.body.event_id);
    });

    it('a request of a device is known: the same one makes no second event', async () => {
      const { alice } = open();
      const again = await alice.put(earlier.to, text('a'));
      expect(again.body).toEqual(earlier.byPerson.body);
    });

    it('the ids of transactions begin at 1 again, with other events in them', async () => {
      const { slow } = open();
      await quietRoom(open);
      // Both appservices share them.
      expect(Number(idOf(slow.transactions[earlier.sent]))).toBeLessThan(10);
    });
  });

  describe('while an appservice is down', () => {
    it('it is told nothing until something concerns an appservice, not even by a ping', async () => {
      const { alice, room, slow, since, taken, queued, ping } = await quietRoom(open);
      slow.answer = async () => [500, '{}'];
      await say(alice, room, '1');
      await until(() => expect(since()).toHaveLength(1));
      await say(alice, room, '2');
      await queued();
      await open().restart();
      slow.answer = async () => [200, '{}'];
      const before = since().length;
      expect((await ping()).status).toBe(200);
      await alice.get('/account/whoami');
      expect(since()).toHaveLength(before);

      await say(alice, room, '3');
      await until(() => expect(taken()).toEqual(['1', '2', '3']));
      expect(since()[before]?.path).toBe(since()[0]?.path);
    });
  });
}
