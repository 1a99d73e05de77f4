import { createPrivateKey, X509Certificate } from 'node:crypto';
import { BridgeError, type LoginFlow, type LoginStep, remoteUserId, type Voice } from '#adapter';
import { type OwnAccount, withAccount } from './own-account.ts';

/** Whether the network believes an account. @returns what it calls it. @throws {BridgeError} */
export type TryAccount = (
  voice: Voice,
  account: OwnAccount,
  signal: AbortSignal,
) => Promise<string>;

/** As SASL and NickServ take them: a word, and what stands on one line. */
export const NAME = /^[^\s:\p{Cc}][^\s\p{Cc}]{0,99}$/u;
export const PASSWORD = /^[^\s\p{Cc}]{1,300}$/u;

/** The ways to have an account of one's own. Nothing is kept that the network did not believe once. */
export function loginsAt(tryAccount: TryAccount): readonly LoginFlow[] {
  const take = async (voice: Voice, account: OwnAccount, signal: AbortSignal) => {
    const name = await tryAccount(voice, account, signal);
    const save = [withAccount(voice, { ...account, name })];
    return { kind: 'done', self: remoteUserId(name), save } satisfies LoginStep;
  };
  return [
    {
      id: 'password',
      name: 'With an account (NickServ) and its password',
      start: async (voice) => ({
        kind: 'ask',
        fields: [
          { id: 'name', name: 'Account', type: 'text' },
          { id: 'password', name: 'Password', type: 'secret' },
        ],
        async submit({ name = '', password = '' }, signal) {
          if (!NAME.test(name)) throw refused('an account is one word');
          if (!PASSWORD.test(password)) throw refused('a password has no spaces');
          return take(voice, { name, password }, signal);
        },
      }),
    },
    {
      id: 'certificate',
      name: 'With a certificate that NickServ knows (CertFP), and its key',
      start: async (voice) => ({
        kind: 'ask',
        fields: [{ id: 'pem', name: 'Certificate and its private key (PEM)', type: 'secret' }],
        submit: async ({ pem = '' }, signal) =>
          take(voice, { name: 'certificate', certificate: certificateIn(pem) }, signal),
      }),
    },
  ];
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g;

/** @throws {BridgeError} Where it holds none, or a key that belongs to another one. */
function certificateIn(pem: string): NonNullable<OwnAccount['certificate']> {
  const blocks = [...pem.matchAll(BLOCK)];
  const cert = blocks.find(([, label]) => label === 'CERTIFICATE')?.[0];
  const key = blocks.find(([, label]) => label?.endsWith('PRIVATE KEY'))?.[0];
  if (!cert || !key) throw refused('it takes a certificate and its private key, as PEM');
  try {
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
  } catch (cause) {
    throw refused('the certificate or its key cannot be read', cause);
  }
  throw refused('the key belongs to another certificate');
}

const refused = (words: string, cause?: unknown) =>
  new BridgeError('not_allowed', words, { effect: 'none', words, cause });
