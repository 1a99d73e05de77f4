import { describe, expect, it } from 'vitest';
import { MustWait } from '../../../../src/engine/from-remote/must-wait.ts';
import { linksOfTarget, type RemoteWork } from '../../../../src/engine/from-remote/work.ts';
import { remoteMessageId } from '../../../../src/model/remote-ids.ts';

/** Looks for a target of something heard at 100, while a message that began at `atMs` is under way. */
function look(begun: { readonly atMs: number; readonly inDoubt: boolean } | undefined) {
  const storage = {
    links: { ofRemote: async () => [] },
    journal: { head: async () => [{ begun }] },
  };
  const work = { context: { storage }, portal: { id: 1 }, delivery: { receivedAtMs: 100 } };
  return linksOfTarget(work as unknown as RemoteWork, remoteMessageId('m'));
}

describe('linksOfTarget', () => {
  it('waits for what was on its way when it was heard, and for nothing that began later', async () => {
    await expect(look({ atMs: 100, inDoubt: true })).rejects.toThrow(MustWait);
    expect(await look({ atMs: 101, inDoubt: true })).toEqual([]);
    expect(await look({ atMs: 100, inDoubt: false })).toEqual([]);
    expect(await look(undefined)).toEqual([]);
  });
});
