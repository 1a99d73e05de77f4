import { randomBytes } from 'node:crypto';
import type { StateChange, Voice } from '#adapter';
import type { Account } from './wire/sasl/account.ts';
import type { Pem } from './wire/socket.ts';

/** What a Matrix user proves themselves with on IRC: a password, or a certificate and its key (PEM). Stored. */
export interface OwnAccount {
  readonly name: string;
  readonly password?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
}

const ACCOUNT = 'account';

export async function ownAccountOf({ state }: Voice): Promise<OwnAccount | undefined> {
  const stored = await state.get(ACCOUNT);
  return stored && JSON.parse(Buffer.from(stored).toString());
}

/** @param account `undefined`: it is forgotten. */
export const withAccount = ({ state }: Voice, account: OwnAccount | undefined): StateChange =>
  state.change(ACCOUNT, account ? stored(account) : null);

const stored = (account: OwnAccount): Uint8Array => Buffer.from(JSON.stringify(account));

/** What a voice has of it that is not there yet. */
export const accountAsState = (account: OwnAccount) => ({ [ACCOUNT]: stored(account) });

/** What one connection proves it with. */
export const proofOf = ({ name, password, certificate }: OwnAccount): Account => ({
  name,
  ...(password !== undefined && { password }),
  hasCertificate: certificate !== undefined,
  nonce: randomBytes(18).toString('base64'),
});

/** What a Matrix user's connection shows and trusts. The bot's own certificate is the bot's alone. */
export const pemOf = ({ ca }: Pem, account: OwnAccount | undefined): Pem => ({
  ...(ca !== undefined && { ca }),
  ...account?.certificate,
});
