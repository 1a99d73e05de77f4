import type { PrivateMessage } from 'ts-mls';
import { BadWire, orRefusal } from '../refusal.ts';
import { readMessage } from './library.ts';

/** Whose key of which epoch a message was made with. No two messages of a group may have the same. */
export interface Position {
  /** In hex. */
  readonly groupId: string;
  readonly epoch: number;
  readonly leaf: number;
  readonly generation: number;
}

/**
 * Read without any key: an application message says its position in its authenticated data, in two numbers of 32 bits, so that
 * a hub can see that no key is used twice. A receiver takes only a true one.
 * @throws BadWire `damaged`, of what is no application message of this suite
 */
export async function positionOf(wire: Uint8Array): Promise<Position> {
  return orRefusal('damaged', () => {
    const message = readMessage(wire);
    if (message.wireformat !== 'mls_private_message') throw new BadWire('damaged', 'not encrypted');
    return saidPosition(message.privateMessage);
  });
}

export function saidPosition({ groupId, epoch, authenticatedData }: PrivateMessage): Position {
  if (authenticatedData.length !== 8) throw new BadWire('damaged', 'it does not say its position');
  const data = Buffer.from(authenticatedData);
  return {
    groupId: Buffer.from(groupId).toString('hex'),
    epoch: Number(epoch),
    leaf: data.readUInt32BE(0),
    generation: data.readUInt32BE(4),
  };
}

export function positionData(leaf: number, generation: number): Uint8Array {
  const data = Buffer.alloc(8);
  data.writeUInt32BE(leaf, 0);
  data.writeUInt32BE(generation, 4);
  return new Uint8Array(data);
}
