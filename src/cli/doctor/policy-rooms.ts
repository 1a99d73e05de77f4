import type { BridgeConfig } from '../../config/index.ts';
import type { MatrixClient } from '../../matrix/client/matrix-client.ts';
import { botLocalpart } from '../../matrix/registration.ts';
import type { MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import { type Finding, ok, reasonOf, warn } from './finding.ts';

/** Whether the bot can read the ban lists. It joins none here: the bridge does, when it runs. */
export async function checkPolicyRooms(
  client: Pick<MatrixClient, 'roomOfAlias' | 'policyRules'>,
  { homeserver, bridge }: BridgeConfig,
): Promise<readonly Finding[]> {
  const bot: MatrixUserId = `@${botLocalpart(bridge.prefix)}:${homeserver.serverName}`;
  return Promise.all(
    bridge.policyRooms.map(async (room) => {
      try {
        const roomId = room.startsWith('!') ? room : await client.roomOfAlias(room);
        if (roomId === undefined) return warn(`There is no policy room ${room}: mend policyRooms`);
        const rules = await client.policyRules(roomId as MatrixRoomId, bot);
        return ok(`The policy room ${room} can be read (${rules.length} rules)`);
      } catch (error) {
        return warn(
          `The policy room ${room} cannot be read: run the bridge, and if it stays so, invite ${bot} there (${reasonOf(error)})`,
        );
      }
    }),
  );
}
