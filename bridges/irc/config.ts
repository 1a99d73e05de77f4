import { z } from 'zod';
import { SERVER } from './servers.ts';
import { isBindPrefix, isPrefix } from './webirc.ts';

const NICK = /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]*$/;

/** As openssl prints it, or without the colons. */
const FINGERPRINT = /^(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/;

/** What a server takes for one, of several that go with commas between them. */
const KEY = /^[^\s,:\p{Cc}][^\s,\p{Cc}]{0,49}$/u;

/** One IRC server. Every key is described here, and `config.sample.yaml` is printed from this. */
export const IrcConfig = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .describe('Server name, without a scheme')
      .meta({ examples: ['irc.libera.chat'] }),
    port: z.int().min(1).max(65_535).default(6697).describe('6697 is IRC over TLS (RFC 7194)'),
    otherServers: z
      .array(z.string().regex(SERVER, 'must be HOST or HOST:PORT'))
      .default([])
      .describe('More servers of the same network, each HOST or HOST:PORT, for when one is away'),
    tls: z.boolean().default(true).describe('Turn off only for a server on this machine'),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe('Certificates to trust instead of the well-known ones, as a PEM file'),
    certFingerprints: z
      .array(z.string().regex(FINGERPRINT, 'must be a SHA-256 fingerprint in hexadecimal'))
      .default([])
      .describe(
        'The server must show one of these certificates (SHA-256), whoever has signed it and whatever name it has',
      ),
    password: oneLine()
      .min(1)
      .optional()
      .meta({ secret: true })
      .describe('The password of the server, if it wants one. Every connection gives it'),
    account: z
      .string()
      .regex(/^\S{1,100}$/, 'must be a name without spaces')
      .optional()
      .describe('The account of the bot on the network, proved by SASL before it is let in'),
    accountPassword: oneLine()
      .min(1)
      .max(300)
      .optional()
      .meta({ secret: true })
      .describe('Its password. Not needed where the network knows the certificate below'),
    certFile: z
      .string()
      .min(1)
      .optional()
      .describe('A certificate that the bot shows, as a PEM file (SASL EXTERNAL, CertFP)'),
    keyFile: z.string().min(1).optional().describe('The private key of that certificate'),
    nickServ: z
      .string()
      .regex(NICK, 'must be an IRC nick')
      .default('NickServ')
      .describe('Who is told the password of an account where the network has no SASL'),
    refusedAccounts: z
      .enum(['wait', 'speak'])
      .default('wait')
      .describe(
        'A Matrix user whose own account is not believed any more: what they say waits for a new login, or they speak without it',
      ),
    nick: z
      .string()
      .regex(NICK, 'must be an IRC nick')
      .default('drawbridge')
      .describe(
        'What the bot is called: it listens, and speaks for those without a nick of their own',
      ),
    username: z
      .string()
      .regex(/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,9}$/, 'must be 1 to 10 letters, digits, _ . or -')
      .default('drawbridge')
      .describe('The user name of the bot, shown before its host'),
    realname: oneLine()
      .min(1)
      .max(100)
      .default('Matrix bridge')
      .describe('What WHOIS says of the bot'),
    channelKeys: z
      .record(z.string(), z.string().regex(KEY, 'must be a channel key').meta({ secret: true }))
      .default({})
      .meta({ secret: true })
      .describe(
        'What opens the channels that want a key (+k): KEY under each name, such as "#staff"',
      ),
    askChannelOperators: z
      .boolean()
      .default(false)
      .describe(
        'Whoever links a room to a channel by a command needs the word of one of its operators, who is asked on IRC',
      ),
    enlistedNick: oneLine()
      .regex(/\{(?:displayName|localpart)\}/, 'must hold {displayName} or {localpart}')
      .default('{displayName}[m]')
      .describe(
        'The nick of a Matrix user, of {displayName} and {localpart}. Made to fit; taken ones get an ending',
      ),
    enlistedRealname: oneLine()
      .min(1)
      .max(100)
      .default('{userId}')
      .describe('What WHOIS says of a Matrix user, of {userId}, {displayName} and {localpart}'),
    enlistedModes: z
      .string()
      .regex(/^(?:[+-][A-Za-z]+)+$/, 'must be modes, such as +Rx')
      .optional()
      .describe('The modes of a Matrix user on the network, set before any channel is joined')
      .meta({ examples: ['+Rx'] }),
    relayName: oneLine()
      .max(100)
      .regex(
        /\{(?:displayName|localpart|userId)\}/,
        'must hold {displayName}, {localpart} or {userId}',
      )
      .default('<{displayName}>')
      .describe(
        'What the bot puts before each line of whoever it speaks for, of {displayName}, {localpart} and {userId}',
      ),
    relayNicks: z
      .boolean()
      .default(true)
      .describe(
        'Where the server has RELAYMSG and lets the bot use it, it speaks under the name of whoever it speaks for, with /mx behind it, instead',
      ),
    relayHidesPings: z
      .boolean()
      .default(false)
      .describe(
        'Put a space of no width into that name, so that nobody of the same nick on IRC is called by it',
      ),
    relayColours: z
      .boolean()
      .default(false)
      .describe('Show that name in a colour, the same for the same person'),
    webircPassword: z
      .string()
      .regex(/^[^\s:\p{Cc}][^\s\p{Cc}]*$/u, 'must be one word')
      .optional()
      .meta({ secret: true })
      .describe('Makes the server show an address of their own for each Matrix user (WEBIRC)'),
    webircPrefix: z
      .string()
      .refine(isPrefix, 'must be an IPv6 prefix of 96 bits at most')
      .optional()
      .describe('Where those addresses are from, such as 2001:db8::/64')
      .meta({ examples: ['2001:db8::/64'] }),
    bindPrefix: z
      .string()
      .refine(isBindPrefix, 'must be an IPv6 prefix of 96 bits at most, or an IPv4 prefix of 16')
      .optional()
      .describe(
        'Each Matrix user connects from an address of their own in this prefix, always the same. This machine must have all of them',
      )
      .meta({ examples: ['2001:db8:1::/64'] }),
    identPort: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe(
        'Answers the server there which Matrix user a connection is of (RFC 1413): 113, or one that 113 is redirected to',
      ),
    identHost: z
      .string()
      .min(1)
      .default('::')
      .describe('Where to listen for that; all addresses of this machine'),
    maxConnections: z
      .int()
      .nonnegative()
      .default(100)
      .describe(
        'So many Matrix users have a nick of their own at one time; the bot speaks for the rest',
      ),
    connectBurst: z
      .int()
      .positive()
      .default(10)
      .describe('So many connections are made at once, after a rest'),
    connectIntervalMs: z
      .int()
      .nonnegative()
      .default(1_000)
      .describe('Then one connection in each such time, in the order of asking'),
    lineBurst: z
      .int()
      .min(2)
      .default(5)
      .describe('So many lines are sent at once, after a silence'),
    lineIntervalMs: z
      .int()
      .nonnegative()
      .default(1_300)
      .describe('Then one line in each such time, so as not to be flooded off'),
    penaltyBytes: z
      .int()
      .nonnegative()
      .default(0)
      .describe('Each such stretch of a line counts as one more line. 0: length is free'),
    connectTimeoutMs: z
      .int()
      .positive()
      .default(30_000)
      .describe('Give up on a connection that is not registered after this long'),
    pingIntervalMs: z
      .int()
      .positive()
      .default(60_000)
      .describe('After such a silence the server is asked whether it is still there'),
    pingTimeoutMs: z
      .int()
      .positive()
      .default(30_000)
      .describe('A server that answers nothing for this long is gone'),
    reconnectBaseMs: z
      .int()
      .positive()
      .default(1_000)
      .describe(
        'The first wait before connecting again, and each where nobody listens. Else it doubles each time, with chance in it',
      ),
    reconnectMaxMs: z.int().positive().default(300_000).describe('The longest such wait'),
    formatting: z
      .enum(['none', 'numbers', 'exact'])
      .default('numbers')
      .describe(
        'How bold and such are written on IRC. numbers: colours by the nearest of the 99; exact: others in hexadecimal, which old clients show as words; none: not at all',
      ),
    pasteLines: z
      .int()
      .min(1)
      .default(6)
      .describe(
        'A message of more lines is shown on a page of the bridge, and its beginning and the address said: where bridge.publicUrl is set',
      ),
    shortEdits: z
      .boolean()
      .default(true)
      .describe(
        'An edit of a few words is said as s/old/new/, where the server gives messages ids; else all of it again after a *',
      ),
    replyQuote: oneLine()
      .max(100)
      .default('{nick}: "{quote}" <- ')
      .describe(
        'What stands before an answer where the network does not show what it answers, of {nick} and {quote}. Empty: nothing',
      ),
    powerLevels: z
      .record(z.string().regex(/^[a-zA-Z]$/, 'must be one letter'), z.int().min(0).max(100))
      .default({ q: 50, a: 50, o: 50, h: 50, v: 1 })
      .describe(
        'The power in a room of the ghosts of those who are something in its channel, by the letter of the mode',
      ),
    powerFromMatrix: z
      .record(z.string().regex(/^[a-zA-Z]$/, 'must be one letter'), z.int().min(1).max(100))
      .default({})
      .describe(
        'Who has this power in a room gets the mode of this letter in its channel, from whoever gave it or from the bot. Without any: nobody does',
      )
      .meta({ examples: [{ o: 100, h: 50, v: 1 }] }),
    modesToMatrix: z
      .record(
        z.string().regex(/^[a-zA-Z]$/, 'must be one letter'),
        z.enum(['invitation', 'moderated', 'hidden']),
      )
      .default({})
      .describe(
        'What the modes of a channel mean to the rooms that the bridge made for it, by their letter: invitation (nobody comes in without one), moderated (only those speak who have power) or hidden (it stays out of the directory, see publishRooms)',
      )
      .meta({
        examples: [{ i: 'invitation', k: 'invitation', m: 'moderated', s: 'hidden', p: 'hidden' }],
      }),
    bansToMatrix: z
      .boolean()
      .default(false)
      .describe(
        'Whoever is banned from a channel (+b) is banned from its rooms, if one person is meant',
      ),
    bansFromMatrix: z
      .boolean()
      .default(true)
      .describe('Whoever is banned from a room is banned from its channel (+b), else only kicked'),
    splitPatienceMs: z
      .int()
      .nonnegative()
      .default(300_000)
      .describe(
        'So long those whom a netsplit took away have to come back before they are shown gone',
      ),
    mentionsToMatrix: z
      .boolean()
      .default(true)
      .describe(
        'Whether a nick that is said on IRC is a mention in the room, which calls the Matrix user who has it. Each can switch it off for themselves, by a command',
      ),
    commonNicks: z
      .array(z.string())
      .default([])
      .describe(
        'Nicks that are words as well, such as "the": they mean somebody at the beginning of a line only',
      ),
    awayFromMatrix: z
      .boolean()
      .default(false)
      .describe(
        'Who is away by their Matrix client is so on IRC, as long as they have a nick there. By a command they can say so in any case',
      ),
    awayToMatrix: z
      .boolean()
      .default(false)
      .describe(
        'Who is away on IRC is so in Matrix, as long as the homeserver remembers it. It takes a server that tells (away-notify)',
      ),
    privateMessages: z
      .union([z.boolean(), z.array(z.string().min(1))])
      .default(true)
      .describe(
        'Who may talk with people of IRC in private: all (true), nobody (false), or a list of Matrix users, in which * is any text and ? any letter',
      ),
    ctcpVersion: z
      .string()
      .regex(/^[^\p{Cc}]{1,200}$/u, 'must be 1 to 200 characters on one line')
      .default('Drawbridge, a bridge to Matrix')
      .describe(
        'What is answered to whoever asks a voice or the bot for its program (CTCP VERSION)',
      ),
    fallbackCharset: z
      .string()
      .refine(isCharset, 'must be a character set that Node.js can read')
      .default('windows-1252')
      .describe('How to read a line that is not UTF-8'),
  })
  .refine(
    ({ webircPassword, webircPrefix }) =>
      (webircPassword === undefined) === (webircPrefix === undefined),
    { path: ['webircPrefix'], error: 'webircPassword and webircPrefix go together' },
  )
  .refine(
    ({ webircPrefix, bindPrefix }) => webircPrefix === undefined || bindPrefix === undefined,
    {
      path: ['bindPrefix'],
      error: 'an address is bound or told by WEBIRC, not both',
    },
  )
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    path: ['keyFile'],
    error: 'certFile and keyFile go together',
  })
  .refine(
    ({ account, accountPassword }) => account !== undefined || accountPassword === undefined,
    {
      path: ['account'],
      error: 'expected the name of the account that accountPassword belongs to',
    },
  )
  .refine(
    ({ account, accountPassword, certFile }) =>
      account === undefined || accountPassword !== undefined || certFile !== undefined,
    { path: ['accountPassword'], error: 'expected accountPassword, or certFile and keyFile' },
  )
  .refine(({ certFingerprints, tls }) => certFingerprints.length === 0 || tls, {
    path: ['tls'],
    error: 'a certificate is shown over TLS only',
  })
  .refine(({ certFile, tls }) => certFile === undefined || tls, {
    path: ['tls'],
    error: 'a certificate is shown over TLS only',
  });
export type IrcConfig = z.infer<typeof IrcConfig>;

/** What ends up inside a line of the protocol. */
function oneLine() {
  return z.string().regex(/^[^\r\n\0]*$/, 'must be on one line');
}

function isCharset(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}
