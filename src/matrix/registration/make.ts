import { randomBytes } from 'node:crypto';
import { escapeRegex } from '../../util/escape.ts';
import type { Registration, RegistrationOptions } from './model.ts';

/** Tokens that begin so are no tokens yet. */
const PLACEHOLDER = 'PLACEHOLDER_';

/** Whether somebody forgot to put a real one in its place. */
export const isPlaceholder = (token: string): boolean => token.startsWith(PLACEHOLDER);

/** What a local part may consist of. @see https://spec.matrix.org/v1.18/appendices/#user-identifiers */
const LOCALPART = /^[a-z0-9._=/+-]+$/;

/**
 * A registration with fresh secrets.
 *
 * @throws {RangeError} when the prefix or the id of a network cannot be part of a user id.
 */
export function newRegistration(options: RegistrationOptions): Registration {
  return registration(options, {
    asToken: randomBytes(32).toString('base64url'),
    hsToken: randomBytes(32).toString('base64url'),
    // Hexadecimal: a local part has no upper case.
    senderLocalpart: `sender_${randomBytes(16).toString('hex')}`,
  });
}

/** A registration to look at, and to keep under version control: its secrets are placeholders. */
export function placeholderRegistration(options: RegistrationOptions): Registration {
  return registration(options, {
    asToken: `${PLACEHOLDER}as_token`,
    hsToken: `${PLACEHOLDER}hs_token`,
    senderLocalpart: 'placeholder_sender',
  });
}

function registration(
  options: RegistrationOptions,
  secrets: Pick<Registration, 'asToken' | 'hsToken' | 'senderLocalpart'>,
): Registration {
  for (const part of [options.prefix, ...options.networks]) {
    if (!LOCALPART.test(part))
      throw new RangeError(
        `"${part}" cannot be part of a user id: use only a-z, 0-9 and the characters . _ = / + -`,
      );
  }
  return {
    id: options.id,
    url: options.url,
    ...secrets,
    rateLimited: false,
    receiveEphemeral: true,
    pushEphemeral: true,
    protocols: options.protocols,
    namespaces: {
      users: [{ exclusive: true, regex: usersRegex(options) }],
      aliases: [{ exclusive: true, regex: aliasesRegex(options) }],
      rooms: [],
    },
  };
}

type Names = Pick<RegistrationOptions, 'prefix' | 'serverName'>;

/**
 * Anchored at both ends, as homeservers differ in what they do of their own accord; and without
 * look-around, which those written in Go and Rust refuse.
 */
const usersRegex = ({ prefix, serverName }: Names): string =>
  `^@${escapeRegex(prefix)}[a-z0-9._=/+-]+:${escapeRegex(serverName)}$`;

const aliasesRegex = ({ prefix, serverName }: Names): string =>
  `^#${escapeRegex(prefix)}.+:${escapeRegex(serverName)}$`;
