import { describe, expect, it } from 'vitest';
import { createIntake } from '../../../src/engine/intake.ts';
import type { MatrixRoomId } from '../../../src/model/matrix-ids.ts';
import { storageOnFile } from './on-file.ts';

const room: MatrixRoomId = '!room:hs.test';
const event = { event_id: '$a', room_id: room, sender: '@ann:hs.test', type: 'm.room.message' };

describe('createIntake', () => {
  async function intake() {
    const { storage, elsewhere, context } = await storageOnFile();
    const read = async (from: typeof storage) =>
      (await from.journal.roomHead(room, 10)).map(({ id }) => id);
    const woken: Promise<[own: string[], elsewhere: string[]]>[] = [];
    const { transaction } = createIntake(context, () => {
      woken.push(Promise.all([read(storage), read(elsewhere)]));
    });
    return { transaction, woken, onDisk: () => read(elsewhere) };
  }

  it('takes a transaction only once it is on disk', async () => {
    const { transaction, onDisk } = await intake();
    await transaction([event]);
    expect(await onDisk()).toEqual(['$a']);
  });

  it('wakes a room before that, when its events can be read', async () => {
    const { transaction, woken } = await intake();
    await transaction([event]);
    expect(await Promise.all(woken)).toEqual([[['$a'], []]]);
  });
});
