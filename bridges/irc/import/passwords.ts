import { privateDecrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BridgeError } from '#adapter';

/** Opens a stored password. `undefined`: this one it cannot. */
export type OpenPassword = (stored: string) => string | undefined;

/**
 * Opens what was encrypted with the public part of a key.
 *
 * @param stored all that are to be opened. One that opens none of them is another bridge's.
 * @throws {BridgeError} `not_allowed`: it cannot be read, or does not fit.
 */
export async function passwordsWith(
  path: string,
  stored: readonly string[],
): Promise<OpenPassword> {
  const key = await readFile(path, 'utf8').catch((cause: Error) => {
    throw refused(`the key ${path} cannot be read (${cause.message}): ${ADVICE}`, cause);
  });
  const open = (text: string) => opened(key, text);
  if (stored.length > 0 && stored.every((text) => open(text) === undefined))
    throw refused(`the key ${path} opens none of the stored passwords: ${ADVICE}`);
  return open;
}

/** Nothing is left behind without somebody's word. */
export function withoutKey(): never {
  throw refused(`there are stored passwords, and the old config names no key: ${ADVICE}`);
}

const ADVICE = 'name the right one with --key, or leave them behind with --without-passwords';

/** Before the password there is salt, up to a space. */
function opened(key: string, text: string): string | undefined {
  try {
    const [, password] = privateDecrypt(key, Buffer.from(text, 'base64')).toString().split(' ');
    return password || undefined;
  } catch {
    return undefined;
  }
}

const refused = (text: string, cause?: unknown) =>
  new BridgeError('not_allowed', text, { effect: 'none', cause });
