import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { IrcServerOptions } from './servers/irc.ts';
import { type IrcAccount, startWithServices } from './servers/irc-services.ts';
import { requireParts } from './servers/require-part.ts';
import { fingerprintOf, makeCertificate } from './support/certificate.ts';
import { patient } from './support/irc-bench.ts';
import { ircRoom, roomWith } from './support/irc-room.ts';

const parts = await requireParts('inspircd', 'atheme-services');
const own: IrcAccount = { name: 'annacc', password: 's3cret' };

/** A bridge to an inspircd with Atheme, somebody in `#a`, and Ann in its room. */
async function meeting(
  { accounts = [own], ...options }: Partial<IrcServerOptions> & { accounts?: IrcAccount[] } = {},
  config: object = {},
) {
  const roots = { root: parts.root('inspircd'), athemeRoot: parts.root('atheme-services') };
  const server = await startWithServices({ ...roots, ...options }, accounts);
  onTestFinished(() => server.stop());
  const { bob, story, ann, room } = await ircRoom(server, config);
  const chat = await roomWith(ann, { preset: 'trusted_private_chat' });
  /** As whom the server says that somebody is logged in. */
  const accountOf = async (nick: string) => {
    const before = bob.lines.length;
    bob.raw(`WHOIS ${nick}`);
    await bob.until(({ command }) => command === '318', 'the end of WHOIS', before);
    return bob.lines.slice(before).find(({ command }) => command === '330')?.params[2];
  };
  const logIn = async (password = own.password) => {
    await ann.say(chat, '!loop login password');
    await ann.hears(chat, 'Account? Say it as your next message, or “!loop cancel”.');
    await ann.say(chat, own.name);
    await ann.hears(
      chat,
      'Password? Say it as your next message, or “!loop cancel”. It is deleted here once I have read it.',
    );
    await ann.say(chat, password);
  };
  return { server, bob, story, ann, room, chat, accountOf, logIn };
}

parts.describe('the account of a Matrix user', () => {
  it('is theirs from the login on, over a restart, until the logout', async () => {
    const { bob, story, ann, room, chat, accountOf, logIn } = await meeting();
    await ann.say(room, 'before');
    await bob.hears('#a', 'ann[m]: before');
    expect(await accountOf('ann[m]')).toBeUndefined();

    await logIn();
    await ann.hears(chat, 'You are logged in to Loop as annacc.');
    await vi.waitFor(async () => expect(await accountOf('ann[m]')).toBe('annacc'), patient);
    await ann.say(room, 'as myself');
    await bob.hears('#a', 'ann[m]: as myself');

    await story.restartBridge();
    await vi.waitFor(async () => expect(await accountOf('ann[m]')).toBe('annacc'), patient);

    await ann.say(chat, '!loop logout');
    await ann.hears(chat, 'You are logged out of Loop, and all that was kept for it here is gone.');
    await ann.say(room, 'after');
    await bob.hears('#a', 'ann[m]: after');
    expect(await accountOf('ann[m]')).toBeUndefined();
    await story.stopBridge();
    expect(await story.filesWith(own.password)).toEqual([]);
    expect(story.log.filter((line) => line.includes(own.password))).toEqual([]);
  });

  it('is refused in words when the password is wrong', async () => {
    const { ann, chat, logIn } = await meeting();
    await logIn('wr0ng');
    await ann.hears(
      chat,
      'Loop did not accept this: The account annacc is not proved: SASL authentication failed.\nSay “!loop login” to begin again.',
    );
  });

  it('is proved by a certificate that they give to the bot', async () => {
    const tls = await makeCertificate();
    const mine = await makeCertificate();
    const known = { ...own, fingerprint: await fingerprintOf(mine.cert) };
    const { bob, ann, room, chat, accountOf } = await meeting(
      { accounts: [known], tls },
      { caFile: tls.cert },
    );
    await ann.say(chat, '!loop login certificate');
    await ann.hears(
      chat,
      'Certificate and its private key (PEM)? Say it as your next message, or “!loop cancel”. It is deleted here once I have read it.',
    );
    await ann.say(chat, (await readFile(mine.cert, 'utf8')) + (await readFile(mine.key, 'utf8')));
    await ann.hears(chat, 'You are logged in to Loop as annacc.');
    await ann.say(room, 'as myself');
    await bob.hears('#a', 'ann[m]: as myself');
    expect(await accountOf('ann[m]')).toBe('annacc');
  });
});
