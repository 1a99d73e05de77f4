import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { remoteChatId, remoteUserId } from '../../../../src/model/remote-ids.ts';
import { bodies } from '../../../../src/store/sqlite/bodies.ts';
import { chats } from '../../../../src/store/sqlite/chat.ts';
import { openDatabase } from '../../../../src/store/sqlite/open.ts';
import { remoteJournal } from '../../../../src/store/sqlite/remote-journal.ts';
import { remoteWrites } from '../../../../src/store/sqlite/remote-writes.ts';
import { shown } from '../../../../src/store/sqlite/shown.ts';

describe('shown', () => {
  function network() {
    const db = openDatabase(':memory:');
    db.exec(`INSERT INTO portal (network, chat, receiver, room_id, owns_room, origin)
      VALUES ('n', 'c', '', '!r', 0, 'plumbed')`);
    return openedOn(db);
  }

  /** As a process sees it that begins now. */
  function openedOn(db: Database) {
    const deliveries = shown();
    const needs = { chats: chats(db), bodies: bodies(db), isEcho: () => false, now: () => 0 };
    const writes = remoteWrites(db, { ...needs, shown: deliveries });
    const journal = remoteJournal(db, needs.chats, deliveries);
    const chat = remoteChatId('c');
    const event = {
      ...{ kind: 'message', chat, sender: remoteUserId('u'), sentAtMs: 1, body: { text: 'x' } },
    } as never;
    return {
      deliver() {
        writes.hear({ kind: 'remote-events', network: 'n', atMs: 0, events: [event] });
      },
      reopen: () => openedOn(db),
      committed: deliveries.committed,
      ids: async () => (await journal.remoteHead(1, 9)).map(({ id }) => id),
    };
  }

  it('is what is on disk, however much is committed', async () => {
    const { deliver, committed, ids } = network();
    deliver();
    expect(await ids()).toEqual([]);
    const firstIsDown = committed();
    deliver();
    const secondIsDown = committed();
    expect(await ids()).toEqual([]);
    firstIsDown();
    expect(await ids()).toEqual([1]);
    secondIsDown();
    expect(await ids()).toEqual([1, 2]);
  });

  it('is what was there before, also while the first of this process is on its way', async () => {
    const { deliver, committed, reopen } = network();
    deliver();
    committed()();
    const later = reopen();
    later.deliver();
    expect(await later.ids()).toEqual([1]);
  });

  it('is not what was there before and was written anew, nor what is newer than that', () => {
    const one = shown();
    one.wrote(5);
    one.committed()();
    one.wrote(3);
    const isDown = one.committed();
    expect(one.upTo()).toBe(2);
    one.wrote(6);
    isDown();
    expect(one.upTo()).toBe(5);
  });

  it('is all, when nothing is on its way to the disk: others may have written', async () => {
    const one = shown();
    one.wrote(3);
    one.committed()();
    expect(one.upTo()).toBe(Number.MAX_SAFE_INTEGER);
  });
});
