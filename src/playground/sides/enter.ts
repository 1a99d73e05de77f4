import {
  type LoopbackNetwork,
  type LoopbackPerson,
  loopbackPerson,
} from '../../testing/loopback-network/index.ts';
import {
  BRIDGE_BOT,
  CHAT,
  homeOf,
  MATRIX_PEOPLE,
  REMOTE_PEOPLE,
  ROOM,
  ROOM_ALIAS,
} from '../scene.ts';
import { MatrixClient, MatrixRefusal } from './matrix-client.ts';
import { MatrixSide } from './matrix-side.ts';
import { RemoteSide } from './remote-side.ts';

/** The people and the room of the Matrix side: made the first time, found again later. Not opened yet. */
export async function enterMatrix(url: string, password: string): Promise<MatrixSide> {
  const [first, ...others] = MATRIX_PEOPLE;
  const enter = (who: { name: string; displayName: string }) =>
    MatrixClient.enter(url, { ...who, password });
  const clients = [await enter(first), ...(await Promise.all(others.map(enter)))] as const;
  const roomId = await findRoom(clients[0]);
  for (const client of clients)
    await client.ask(`/join/${encodeURIComponent(roomId)}`, { method: 'POST', body: {} });
  return new MatrixSide({ roomId, clients, homeOf });
}

async function findRoom(owner: MatrixClient): Promise<string> {
  try {
    const path = `/directory/room/${encodeURIComponent(ROOM_ALIAS)}`;
    return (await owner.ask<{ room_id: string }>(path)).room_id;
  } catch (error) {
    if (!(error instanceof MatrixRefusal) || error.errcode !== 'M_NOT_FOUND') throw error;
  }
  const { alias: room_alias_name, name, topic } = ROOM;
  const body = { preset: 'public_chat', room_alias_name, name, topic };
  const made = await owner.ask<{ room_id: string }>('/createRoom', { method: 'POST', body });
  await empowerBridge(owner, made.room_id);
  return made.room_id;
}

/** So that the room can say by which bridge it is linked. It would be bridged without, too. */
async function empowerBridge(owner: MatrixClient, roomId: string): Promise<void> {
  const path = `/rooms/${encodeURIComponent(roomId)}/state/m.room.power_levels/`;
  const levels = await owner.ask<{ users?: Readonly<Record<string, number>> }>(path);
  const body = { ...levels, users: { ...levels.users, [BRIDGE_BOT]: 50 } };
  await owner.ask(path, { method: 'PUT', body });
}

/** The people and the chat of the network: made the first time, found again later. Not opened yet. */
export async function enterNetwork(network: LoopbackNetwork): Promise<RemoteSide> {
  const [first, ...others] = REMOTE_PEOPLE;
  const enter = (who: { id: string; displayName: string }) => enterRemote(network, who);
  const people = [await enter(first), ...(await Promise.all(others.map(enter)))] as const;
  for (const person of people) await person.join(CHAT);
  await people[0].setChat(CHAT, { name: ROOM.name, topic: ROOM.topic });
  return new RemoteSide({ network, chat: CHAT, people });
}

/** Their token is in the network's own log, if they were there before. */
function enterRemote(
  network: LoopbackNetwork,
  who: { readonly id: string; readonly displayName: string },
): Promise<LoopbackPerson> {
  const known = network
    .log()
    .filter((entry) => entry.type === 'token')
    .find(({ account, via }) => account === who.id && via === undefined);
  return loopbackPerson(network.url, known === undefined ? who : { token: known.token });
}
