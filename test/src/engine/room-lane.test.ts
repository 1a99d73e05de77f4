import { describe, expect, it } from 'vitest';
import { RoomLane } from '../../../src/engine/room-lane.ts';
import type { MatrixEvent } from '../../../src/ports/matrix.ts';
import { away, bot, carol, room, roomOnScript } from './room-on-script.ts';

const noUpgrades = {
  before: async () => undefined,
  after: async () => {},
  told: async () => {},
};

async function lane() {
  const script = await roomOnScript();
  await script.worked('before the link');
  const portal = await script.link();
  const done: string[] = [];
  const did = (what: string) => async (event: MatrixEvent) => void done.push(`${what} ${event.id}`);
  const duties = {
    invited: did('invited'),
    memberChanged: did('member'),
    encrypted: did('encrypted'),
    policyChanged: (roomId: string) => void done.push(`policy ${roomId}`),
    command: async (event: MatrixEvent, isLate: boolean) => {
      done.push(`command ${event.id}${isLate ? ' late' : ''}`);
      return false;
    },
  };
  const { looks, catchUp } = script.catchUp();
  const portals = { mayBeMade: async () => false };
  const parts = { duties, looks, upgrades: noUpgrades, portals };
  const roomLane = new RoomLane(script.context, parts, () => {});
  const work = async () => {
    const turn = await roomLane.work(room);
    const rows = await script.storage.journal.head(portal.id, 100);
    return { turn, delivered: rows.map(({ eventId }) => eventId) };
  };
  return { ...script, catchUp, work, done };
}

const member = (who: string, membership: string) => ({
  type: 'm.room.member',
  state_key: who,
  content: { membership },
});

describe('RoomLane', () => {
  it('works what was missed before what is newer', async () => {
    const { lost, waits, work } = await lane();
    lost('a');
    await waits('b');
    expect(await work()).toEqual({ turn: undefined, delivered: ['$a', '$b'] });
  });

  it('works nothing that came with a reason to look, before the look', async () => {
    const { waits, lost, work, storage, catchUp } = await lane();
    await work();
    const { journal } = storage;
    const { roomHead } = journal;
    journal.roomHead = async (...asked) => {
      journal.roomHead = roomHead;
      lost('a');
      await waits('b');
      catchUp.begin();
      return roomHead(...asked);
    };
    expect(await work()).toEqual({ turn: { waitMs: 0 }, delivered: [] });
    expect(await work()).toEqual({ turn: undefined, delivered: ['$a', '$b'] });
  });

  it('works nothing while the room must be looked through and cannot be', async () => {
    const { waits, work, server } = await lane();
    await waits('b');
    server.fails = { at: 0, error: away() };
    const { turn, delivered } = await work();
    expect(turn?.waitMs).toBeGreaterThan(0);
    expect(delivered).toEqual([]);
  });

  it('comes back for a look that failed, once it no longer holds the room', async () => {
    const { waits, work, server, clock } = await lane();
    await waits('b');
    server.fails = { at: 0, error: away() };
    await work();
    await clock.advance(60_000);
    const { turn, delivered } = await work();
    expect(delivered).toEqual(['$b']);
    expect(turn?.waitMs).toBeGreaterThan(0);
  });

  it('does nothing about who came or went when that is no news any more', async () => {
    const { lost, worked, work, done } = await lane();
    lost('came', member('@ann:hs.test', 'join'));
    lost('invited', member(carol, 'invite'));
    lost('invited bot', member(bot, 'invite'));
    lost('words');
    await worked('newer');
    expect((await work()).delivered).toEqual(['$words']);
    // What is known of people is asked for again.
    expect(done).toEqual([
      'member $came',
      'member $invited',
      'member $invited bot',
      'command $words late',
    ]);
  });

  it('answers invitations that were missed and are the newest', async () => {
    const { lost, work, done } = await lane();
    lost('came', member('@ann:hs.test', 'join'));
    lost('invited', member(carol, 'invite'));
    expect((await work()).delivered).toEqual(['$came', '$invited']);
    expect(done).toEqual(['member $came', 'invited $invited']);
  });
});
