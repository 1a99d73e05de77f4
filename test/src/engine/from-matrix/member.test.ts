import { describe, expect, it } from 'vitest';
import { member } from '../../../../src/engine/from-matrix/member.ts';
import { createNames } from '../../../../src/engine/names.ts';
import { remoteChatId, type VoiceId } from '../../../../src/model/remote-ids.ts';
import type { MatrixEvent } from '../../../../src/ports/matrix.ts';

const invited = {
  ...{ kind: 'member', sender: '@ann:hs.test', who: '@bridge_net_carol:hs.test', is: 'invite' },
} as unknown as MatrixEvent<'member'>;

const workIn = (receiver?: string) =>
  ({
    context: { names: createNames('bridge_', 'hs.test', ['net']) },
    portal: {
      ...{ network: 'net', chat: remoteChatId('town') },
      ...(receiver !== undefined && { receiver: receiver as VoiceId }),
    },
    speaker: { userId: '@ann:hs.test', displayName: 'Ann' },
  }) as unknown as Parameters<typeof member>[1];

describe('member', () => {
  it('passes on whom somebody invited', async () => {
    expect(await member(invited, workIn())).toMatchObject({
      kind: 'act',
      action: { kind: 'member', is: 'invited', who: 'carol' },
    });
  });

  it('passes nothing on to a private chat, which may be there because of that invitation', async () => {
    expect(await member(invited, workIn('net/enlisted/@ann:hs.test'))).toEqual({ kind: 'nothing' });
  });
});
