import type { Socket } from 'node:net';
import { BridgeError, type BridgeErrorCode, type Speaker } from '#adapter';
import type { ChannelKeys } from './channel-keys.ts';
import type { IrcConfig } from './config.ts';
import type { SharedIdent } from './ident/shared.ts';
import { nickFor, realnameFor, usernameFor } from './identity.ts';
import { type OwnAccount, pemOf, proofOf } from './own-account.ts';
import { RELAYMSG } from './relayed.ts';
import type { SecureHosts } from './secure-hosts.ts';
import type { Servers } from './servers.ts';
import type { Slices } from './slices.ts';
import type { Turns } from './turns.ts';
import { addressFor, sourceFor } from './webirc.ts';
import type { Clock } from './wire/clock.ts';
import { Closed, type Dial } from './wire/connection.ts';
import { asClosed, type BackOff } from './wire/link.ts';
import type { Registration } from './wire/machine.ts';
import type { Pem } from './wire/socket.ts';

/** What config and its files say about every connection. */
export interface Site {
  readonly config: IrcConfig;
  readonly pem: Pem;
  readonly clock: Clock;
  readonly servers: Servers;
  readonly keys: ChannelKeys;
  readonly turns: Turns;
  readonly secure: SecureHosts;
  /** In which the voices are read. */
  readonly slices: Slices;
  /** Absent: nobody is told whose a connection is. */
  readonly ident?: SharedIdent;
}

/** @param pem what of it this connection shows and trusts. */
function dialAs(
  { config, clock, servers, secure, ident }: Site,
  pem: Pem,
  who: Registration,
): Omit<Dial, 'heard'> {
  const way = secure.wayTo(servers.current, config.tls);
  return {
    ...way,
    insecure: (port) => secure.wants(way.host, port),
    ...(ident && { connected: (socket: Socket) => ident.claim(socket, who.username) }),
    pem: config.certFingerprints.length > 0 ? { ...pem, pins: config.certFingerprints } : pem,
    who: { ...who, ...(config.password !== undefined && { password: config.password }) },
    flood: {
      burst: config.lineBurst,
      intervalMs: config.lineIntervalMs,
      penaltyBytes: config.penaltyBytes,
    },
    fallbackCharset: config.fallbackCharset,
    connectTimeoutMs: config.connectTimeoutMs,
    pingIntervalMs: config.pingIntervalMs,
    pingTimeoutMs: config.pingTimeoutMs,
    clock,
  };
}

export const backOffOf = ({ config }: Site): BackOff => ({
  baseMs: config.reconnectBaseMs,
  maxMs: config.reconnectMaxMs,
});

export function dialAsBot(site: Site): Omit<Dial, 'heard'> {
  const { config, pem } = site;
  const { account: name, accountPassword: password } = config;
  const hasCertificate = pem.cert !== undefined;
  return dialAs(site, pem, {
    nick: config.nick,
    username: config.username,
    realname: config.realname,
    caps: [
      ...(config.awayToMatrix ? ['away-notify'] : []),
      ...(config.relayNicks ? [RELAYMSG] : []),
    ],
    ...(name !== undefined && {
      account: {
        ...proofOf({ name, ...(password !== undefined && { password }) }),
        hasCertificate,
      },
    }),
  });
}

/** What a connection of a Matrix user is to be, besides what the config says. */
interface Own {
  /** What they want to be called. Absent: what the config makes of their name. */
  readonly nick: string | undefined;
  /** As the bot's connection learned it. */
  readonly nickLength: number;
  readonly account: OwnAccount | undefined;
}

export function dialAsEnlisted(
  site: Site,
  speaker: Speaker,
  { nick, nickLength, account }: Own,
): Omit<Dial, 'heard'> {
  const { config, pem } = site;
  const dial = dialAs(site, pemOf(pem, account), {
    ...(account && { account: proofOf(account) }),
    nick: nick ?? nickFor(config.enlistedNick, speaker, nickLength),
    username: usernameFor(speaker),
    realname: realnameFor(config.enlistedRealname, speaker),
    nickLength,
    ...webircOf(config, speaker),
  });
  const { bindPrefix } = config;
  return {
    ...dial,
    inTurn: site.slices.do,
    ...(bindPrefix !== undefined && { from: sourceFor(bindPrefix, speaker.userId) }),
  };
}

function webircOf({ webircPassword: password, webircPrefix: prefix }: IrcConfig, who: Speaker) {
  if (password === undefined || prefix === undefined) return {};
  return { webirc: { password, address: addressFor(prefix, who.userId) } };
}

interface Meaning {
  readonly code: BridgeErrorCode;
  /** For the operator: what to do about it. */
  readonly words?: string;
  readonly retryAfterMs?: number;
}

const meanings: Partial<Record<Closed['as'], Meaning>> = {
  banned: {
    ...{ code: 'not_allowed', retryAfterMs: 300_000 },
    words: 'the network has banned it: ask its operators',
  },
  password: { code: 'not_allowed', retryAfterMs: 300_000 },
  account: { code: 'not_allowed', retryAfterMs: 300_000 },
  nick: { code: 'not_allowed' },
  throttled: {
    ...{ code: 'rate_limited', retryAfterMs: 60_000 },
    words: 'the network takes no more connections from here for now: ask its operators for more',
  },
};

/** What the end of a connection means to the core. Nothing that was said is undone by it. */
export function failureOf(closed: Closed): BridgeError {
  const { code, words, retryAfterMs } = meanings[closed.as] ?? { code: 'unreachable' };
  const text = words === undefined ? closed.message : `${words} (${closed.message})`;
  return new BridgeError(code, `IRC connection: ${text}`, {
    ...{ effect: 'none', cause: closed },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** An account that is not believed takes a new login. */
export const failureOfVoice = (reason: Closed): BridgeError =>
  reason.as === 'account'
    ? new BridgeError('logged_out', reason.message, { effect: 'none', cause: reason })
    : failureOf(reason);

/** Where nobody listens a try costs nobody anything, and the server may be back at any moment. */
const ABSENT_RETRY_MS = 1_000;

/** The same for whatever kept a connection from being made. */
export function failureFrom(error: unknown, what: string): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error instanceof Closed) return failureOf(error);
  const { as, message } = asClosed(error);
  return new BridgeError('unreachable', `${what}: ${message}`, {
    ...{ effect: 'none', cause: error },
    ...(as === 'absent' && { retryAfterMs: ABSENT_RETRY_MS }),
  });
}
