import type { MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MediaRef } from '../../model/remote-ids.ts';
import type { MatrixEvent, TitlePart } from '../../ports/matrix.ts';
import { field, isObject, type Json, object, text } from '../../util/fields.ts';
import { wellFormed } from '../../util/well-formed.ts';
import { level } from './level.ts';
import { ignored, type Reader } from './reader.ts';

type Membership = MatrixEvent<'member'>['is'];

const memberships: ReadonlyMap<unknown, Membership> = new Map(
  (['join', 'leave', 'invite', 'ban', 'knock'] as const).map((each) => [each, each]),
);

/** Also of a redacted event: who is in the room survives a redaction. */
export const member: Reader = (source) => {
  const { content, event } = source;
  const is = memberships.get(field(content, 'membership'));
  if (is === undefined) return ignored(source);
  const before = field(object(event, 'unsigned'), 'prev_content') ?? field(event, 'prev_content');
  const was = memberships.get(field(before, 'membership'));
  const isEncrypted = is === 'invite' ? encryptedInvite(event) : undefined;
  return {
    kind: 'member',
    ...source.common,
    who: field(event, 'state_key') as MatrixUserId,
    is,
    ...(was === undefined ? {} : { was }),
    ...appearance(content),
    isDirect: field(content, 'is_direct') === true,
    ...(isEncrypted === undefined ? {} : { isEncrypted }),
  };
};

function appearance(content: Json) {
  const displayName = text(content, 'displayname');
  const avatar = text(content, 'avatar_url');
  const reason = text(content, 'reason');
  return {
    ...(displayName === undefined ? {} : { displayName: wellFormed(displayName) }),
    ...(avatar?.startsWith('mxc://') ? { avatar: avatar as MediaRef } : {}),
    ...(reason === undefined ? {} : { reason: wellFormed(reason) }),
  };
}

/** An invitation shows a little of the room's state. `undefined`: not even that. */
function encryptedInvite(event: Json): boolean | undefined {
  const shown =
    field(object(event, 'unsigned'), 'invite_room_state') ?? field(event, 'invite_room_state');
  if (!Array.isArray(shown)) return undefined;
  return shown.some((state) => text(state, 'type') === 'm.room.encryption');
}

/** Only what has changed for somebody. Where the homeserver does not say what was before, nobody knows that. */
export const power: Reader = (source) => {
  const { content, event } = source;
  const before = field(object(event, 'unsigned'), 'prev_content') ?? field(event, 'prev_content');
  if (text(event, 'state_key') !== '' || !isObject(before)) return ignored(source);
  const levelOf = (levels: unknown, who: string) =>
    level(object(levels, 'users'), who) ?? level(levels, 'users_default') ?? 0;
  const all = [before, content].flatMap((levels) => Object.keys(object(levels, 'users')));
  const changes = [...new Set(all)]
    .map((who) => ({
      who: who as MatrixUserId,
      was: levelOf(before, who),
      is: levelOf(content, who),
    }))
    .filter(({ was, is }) => was !== is);
  return changes.length > 0 ? { kind: 'power', ...source.common, changes } : ignored(source);
};

/** Emptied by a redaction, it still holds: encryption cannot be switched off. */
export const encryption: Reader = (source) =>
  text(source.event, 'state_key') === ''
    ? {
        kind: 'encryption-on',
        ...source.common,
        algorithm: text(source.content, 'algorithm') ?? 'unknown',
      }
    : ignored(source);

export const tombstone: Reader = (source) => {
  if (text(source.event, 'state_key') !== '') return ignored(source);
  const replacement = text(source.content, 'replacement_room');
  return {
    kind: 'tombstone',
    ...source.common,
    ...(replacement?.startsWith('!') ? { replacement: replacement as MatrixRoomId } : {}),
  };
};

/** Emptied by a redaction, or without the text that it should have, it says nothing any more. */
export const title =
  (part: TitlePart): Reader =>
  (source) =>
    text(source.event, 'state_key') === ''
      ? {
          kind: 'title',
          ...source.common,
          part,
          text: wellFormed(text(source.content, part) ?? ''),
        }
      : ignored(source);
