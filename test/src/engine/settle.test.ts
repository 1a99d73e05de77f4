import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import { createNames } from '../../../src/engine/names.ts';
import { lookInRoom } from '../../../src/engine/settle.ts';
import type { MatrixEventId, MatrixUserId } from '../../../src/model/matrix-ids.ts';
import type { MatrixEvent } from '../../../src/ports/matrix.ts';
import type { Storage } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';

let storage: Storage;
afterEach(() => storage.close());

const bot: MatrixUserId = '@bridge_bot:hs.test';
const carol: MatrixUserId = '@bridge_net_carol:hs.test';
const ann: MatrixUserId = '@ann:hs.test';
const common = { roomId: '!room', sentAtMs: 1 } as const;

/** Looks into a room with these events, newest first. */
async function look(
  events: readonly MatrixEvent[],
  transactionIds: Readonly<Record<MatrixEventId, string>> = {},
) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const asked: string[] = [];
  const matrix = {
    bot,
    async *backwards() {
      for (const event of events) yield { event };
    },
    async transactionId(_: string, id: MatrixEventId, as: string) {
      asked.push(`${id} as ${as}`);
      return transactionIds[id];
    },
  };
  const names = createNames('bridge_', 'hs.test', ['net']);
  const context = { storage, names, matrix } as unknown as Context;
  return { found: await lookInRoom(context, { roomId: '!room', sinceMs: 0 }), asked };
}

const said = (id: MatrixEventId, sender: MatrixUserId, marker: string): MatrixEvent => ({
  ...{ kind: 'message', ...common, id, sender, body: { text: 'x' } },
  mark: { marker },
});
const redacted = (id: MatrixEventId, sender: MatrixUserId): MatrixEvent => ({
  ...{ kind: 'ignored', ...common, id, sender },
});

describe('lookInRoom', () => {
  it('finds what one of ours said, by its marker, and takes no copy of it', async () => {
    const { found, asked } = await look([said('$copy', ann, 'm1'), said('$1', carol, 'm1')]);
    expect(found.by(carol, 'm1')).toBe('$1');
    expect(found.by(bot, 'm1')).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('finds what was redacted meanwhile, by the id that it was sent under', async () => {
    const joins = { kind: 'member', who: carol, is: 'join', isDirect: false } as const;
    const events: MatrixEvent[] = [
      ...[redacted('$3', ann), redacted('$2', bot), redacted('$1', carol)],
      { ...common, ...joins, id: '$0', sender: carol },
    ];
    const { found, asked } = await look(events, { $1: 'm1', $3: 'm3' });
    expect(found.by(carol, 'm1')).toBe('$1');
    expect(found.by(ann, 'm3')).toBeUndefined();
    expect(asked).toEqual([`$2 as ${bot}`, `$1 as ${carol}`]);
  });
});
