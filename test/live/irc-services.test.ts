import { expect, it, onTestFinished } from 'vitest';
import type { IrcServerOptions } from './servers/irc.ts';
import { type IrcAccount, startWithServices } from './servers/irc-services.ts';
import { requireParts } from './servers/require-part.ts';
import { fingerprintOf, makeCertificate } from './support/certificate.ts';
import { open } from './support/irc-bench.ts';
import { IrcPerson } from './support/irc-person.ts';

const parts = await requireParts('inspircd', 'atheme-services');
const bot: IrcAccount = { name: 'bridgebot', password: 's3cret' };
const account = { account: bot.name, accountPassword: bot.password };

async function serve(accounts: readonly IrcAccount[], options: Partial<IrcServerOptions> = {}) {
  const roots = { root: parts.root('inspircd'), athemeRoot: parts.root('atheme-services') };
  const server = await startWithServices({ ...roots, ...options }, accounts);
  onTestFinished(() => server.stop());
  return server;
}

/** As whom the server says that somebody is logged in. */
async function accountOf(port: number, nick: string): Promise<string | undefined> {
  const person = await IrcPerson.enter(port, 'asker');
  person.raw(`WHOIS ${nick}`);
  await person.until(({ command }) => command === '318', 'the end of WHOIS');
  await person.quit();
  return person.lines.find(({ command }) => command === '330')?.params[2];
}

parts.describe('the account of the bot', () => {
  it('is proved by its password', async () => {
    const server = await serve([bot]);
    await open(server.port, account);
    expect(await accountOf(server.port, 'drawbridge')).toBe('bridgebot');
  });

  it('is proved by a certificate alone', async () => {
    const tls = await makeCertificate();
    const server = await serve([{ ...bot, fingerprint: await fingerprintOf(tls.cert) }], { tls });
    await open(server.tlsPort ?? 0, {
      tls: true,
      caFile: tls.cert,
      account: bot.name,
      certFile: tls.cert,
      keyFile: tls.key,
    });
    expect(await accountOf(server.port, 'drawbridge')).toBe('bridgebot');
  });

  it('is not believed with a wrong password, and nobody comes in under its name', async () => {
    const server = await serve([bot]);
    await expect(open(server.port, { ...account, accountPassword: 'wrong' })).rejects.toMatchObject(
      { code: 'not_allowed', message: expect.stringContaining('bridgebot is not proved') },
    );
    const person = await IrcPerson.enter(server.port, 'asker');
    onTestFinished(() => person.quit());
    person.raw('WHOIS drawbridge');
    await person.until(({ command }) => command === '401', 'nobody');
  });
});
