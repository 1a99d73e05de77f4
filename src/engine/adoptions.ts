import type { AdoptedPortal } from '../adapter/operator-command.ts';
import type { Write } from '../ports/journal.ts';
import type { Storage } from '../ports/store.ts';

/** A link that another bridge had. It becomes a portal once the bot is let into the room. */
export type Adoption = Omit<AdoptedPortal, 'network'>;

/** Among an adapter's own facts, as no chat has an id before its network has been asked. */
const PREFIX = 'adopted/';

const keyOf = ({ chat, room }: Adoption): string => `${PREFIX}${room} ${chat}`;

const write = (network: string, adoption: Adoption, value: Uint8Array | null): Write => ({
  kind: 'state',
  network,
  change: { key: keyOf(adoption), value },
});

/** To be looked for from the next start on. */
export const adopt = (network: string, { chat, room, origin, ownsRoom }: Adoption): Write => {
  const adoption = { chat, room, origin, ownsRoom };
  return write(network, adoption, Buffer.from(JSON.stringify(adoption)));
};

/** It is a portal now. */
export const adopted = (network: string, adoption: Adoption): Write =>
  write(network, adoption, null);

/** Those that are still waited for. */
export async function adoptionsOf(
  { state }: Pick<Storage, 'state'>,
  network: string,
): Promise<readonly Adoption[]> {
  const found: Adoption[] = [];
  for await (const [, value] of state.list(network, undefined, PREFIX))
    found.push(JSON.parse(Buffer.from(value).toString()));
  return found;
}
