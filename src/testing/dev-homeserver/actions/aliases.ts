import { Fault } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Requester } from '../requester.ts';
import type { Content, Draft } from '../room/event.ts';
import type { Room } from '../room/room.ts';

/** @throws {Fault} where it is no alias of this homeserver. */
export function checkAlias({ serverName }: Homeserver, alias: string): void {
  if (!alias.startsWith('#') || !alias.includes(':'))
    throw new Fault(400, 'M_INVALID_PARAM', `Room alias '${alias}' is not like #name:server`);
  if (Buffer.byteLength(alias) > 255)
    throw new Fault(400, 'M_INVALID_PARAM', 'Room alias is longer than 255 bytes');
  if (alias.slice(alias.indexOf(':') + 1) !== serverName)
    throw new Fault(400, 'M_UNKNOWN', 'Room alias must be local');
}

/** Namespaces: an appservice keeps to its own, and everybody else keeps out. @throws {Fault} */
export function mayUseAlias(
  { appservices }: Homeserver,
  { appservice }: Requester,
  alias: string,
): void {
  const isTaken = appservices.some((one) => one !== appservice && one.ownsAliasAlone(alias));
  if (isTaken || (appservice !== undefined && !appservice.ownsAlias(alias)))
    throw new Fault(
      400,
      'M_EXCLUSIVE',
      `Alias ${alias} is in a namespace that is not the requester's`,
    );
}

/** An alias that a room is newly called by must be one of its own. @throws {Fault} */
export function checkCanonicalAlias({ world }: Homeserver, room: Room, { content }: Draft): void {
  const known = aliasesIn(room.state('m.room.canonical_alias')?.content ?? {});
  for (const alias of aliasesIn(content)) {
    if (known.includes(alias)) continue;
    if (typeof alias !== 'string' || !/^#.*:/.test(alias))
      throw new Fault(400, 'M_INVALID_PARAM', `'${alias}' is not like #name:server`);
    if (world.aliases.get(alias)?.roomId !== room.id)
      throw new Fault(400, 'M_BAD_ALIAS', `Room alias ${alias} does not point to the room`);
  }
}

function aliasesIn({ alias, alt_aliases: others }: Content): readonly unknown[] {
  return [...(alias ? [alias] : []), ...(Array.isArray(others) ? others : [])];
}

/** The room behind an alias: an appservice whose namespace it is in may make it just now. */
export async function roomIdOfAlias(
  { world, appservices, couriers, serverName }: Homeserver,
  alias: string,
): Promise<string | undefined> {
  if (!/^#.*:/.test(alias)) throw new Fault(400, 'M_INVALID_PARAM', 'Room alias invalid');
  if (alias.slice(alias.indexOf(':') + 1) !== serverName)
    throw new Fault(502, 'M_UNKNOWN', 'Failed to fetch alias');
  const known = world.aliases.get(alias);
  if (known !== undefined) return known.roomId;
  for (const appservice of appservices) {
    if (!appservice.ownsAlias(alias)) continue;
    await couriers.get(appservice.id)?.client?.knows(`/rooms/${encodeURIComponent(alias)}`);
    const made = world.aliases.get(alias);
    if (made !== undefined) return made.roomId;
  }
  return undefined;
}
