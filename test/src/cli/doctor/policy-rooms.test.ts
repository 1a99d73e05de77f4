import { describe, expect, it } from 'vitest';
import { checkPolicyRooms } from '../../../../src/cli/doctor/policy-rooms.ts';
import { MatrixError } from '../../../../src/ports/matrix.ts';
import { load, smallest } from '../../config/fixture.ts';

const client = {
  roomOfAlias: async (alias: string) => (alias === '#bans:x' ? ('!bans' as const) : undefined),
  policyRules: async (roomId: string) => {
    if (roomId === '!bans') return [{ about: 'user', mask: '*' } as const];
    throw new MatrixError('refused', 'M_FORBIDDEN', { endpoint: 'GET /rooms/{}/state' });
  },
};

describe('checkPolicyRooms', () => {
  it('says of each whether it can be read, and what to do', async () => {
    const rooms = "bridge:\n  policyRooms: ['#bans:x', '#none:x', '!closed:x']\n";
    const config = await load(smallest.replace('bridge:\n', rooms));
    expect(await checkPolicyRooms(client, config)).toEqual([
      { is: 'ok', text: 'The policy room #bans:x can be read (1 rules)' },
      { is: 'warn', text: 'There is no policy room #none:x: mend policyRooms' },
      {
        is: 'warn',
        text: 'The policy room !closed:x cannot be read: run the bridge, and if it stays so, invite @drawbridge_bot:example.org there (M_FORBIDDEN)',
      },
    ]);
  });
});
