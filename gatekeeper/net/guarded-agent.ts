import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent } from 'undici';
import { isPublicAddress } from './addresses.ts';

export interface Net {
  /** All addresses of a name. */
  readonly resolve: (host: string) => Promise<readonly { address: string; family: number }[]>;
  /** Which may be connected to. Tests let their own machine through. */
  readonly isAllowed: (address: string) => boolean;
  /** Whom to trust besides the certificate authorities of the system. */
  readonly ca?: string;
}

export const internet: Net = {
  resolve: (host) => lookup(host, { all: true }),
  isAllowed: isPublicAddress,
};

/**
 * Connects only to addresses that are allowed. The address that was looked at is the one connected to, so that a name that
 * means something else a moment later gains nothing.
 */
export function guardedAgent(net: Net): Agent {
  return new Agent({
    headersTimeout: 10_000,
    bodyTimeout: 30_000,
    maxHeaderSize: 16 * 1024,
    connect: {
      timeout: 10_000,
      ...(net.ca !== undefined && { ca: net.ca }),
      lookup(host, options, done) {
        void allowedAddresses(net, host).then(
          (found) => {
            const [first] = found;
            if (options.all === true || first === undefined) done(null, [...found]);
            else done(null, first.address, first.family);
          },
          (error) => done(error, []),
        );
      },
    },
  });
}

async function allowedAddresses(net: Net, host: string) {
  const found = await net.resolve(host);
  if (found.length === 0 || !found.every(({ address }) => net.isAllowed(address)))
    throw new NotAllowedError(host);
  return found;
}

export class NotAllowedError extends Error {
  constructor(host: string) {
    super(`${host} is at no address of the internet`);
  }
}

/** An URL that may be fetched: https, a name and not an address, nobody's password in it. */
export function guardedUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isFine =
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    // A resolver is never asked about these, so nothing would look at where they are.
    isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0;
  return isFine ? url : undefined;
}
