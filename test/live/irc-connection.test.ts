import { expect, it, vi } from 'vitest';
import { IdentServer } from '../../bridges/irc/ident/server.ts';
import { sourceFor } from '../../bridges/irc/webirc.ts';
import { memoryDisk } from '../../src/testing/index.ts';
import { type IrcServerOptions, startInspircd } from './servers/irc.ts';
import { describeIfComplete, requirePart } from './servers/require-part.ts';
import { fingerprintOf, makeCertificate } from './support/certificate.ts';
import { freePort } from './support/free-port.ts';
import { enter, open, patient, say, serve } from './support/irc-bench.ts';

const inspircd = await requirePart('inspircd');
const noIdent = await whyNoIdent();
const ofInspircd = (options: Omit<IrcServerOptions, 'root'> = {}) =>
  serve(startInspircd, { root: inspircd.root, history: true, ...options });

inspircd.describe('a server that does not want us', () => {
  it('says so by a K-line, and is asked again after minutes only', async () => {
    const server = await ofInspircd();
    const bob = await enter(server, 'bob');
    const opened = await open(server.port, { reconnectMaxMs: 300_000 });
    await opened.watch();
    bob.raw('OPER oper operpw');
    await bob.until(({ command }) => command === '381', 'to be an operator');
    bob.raw('KLINE drawbridge@* 1h :no bots here');
    await vi.waitFor(
      () =>
        expect(opened.standings).toMatchObject([
          { standing: { is: 'failed', error: { code: 'not_allowed', retryAfterMs: 300_000 } } },
        ]),
      patient,
    );
    const again = open(server.port, { nick: 'other' });
    await expect(again).rejects.toMatchObject({ code: 'not_allowed', retryAfterMs: 300_000 });
  });

  it('says that there are too many of us', async () => {
    const server = await ofInspircd({ connections: 2 });
    await enter(server, 'bob');
    const { enlist } = await open(server.port);
    await expect(enlist('ann')).rejects.toMatchObject({
      ...{ code: 'rate_limited', retryAfterMs: 60_000, effect: 'none' },
    });
  });
});

inspircd.describe('WEBIRC', () => {
  it('shows an address of their own for each Matrix user, and ours for the bot', async () => {
    const server = await ofInspircd({ webirc: 'webircpw' });
    const bob = await enter(server, 'bob');
    const options = { webircPassword: 'webircpw', webircPrefix: 'fd00:1:2:3::/64' };
    const opened = await open(server.port, options);
    await opened.watch();
    await say(await opened.enlist('ann'), 'hi');
    const { raw } = await bob.hears('#a', 'ann[m]: hi');
    expect(raw).toMatch(/^:ann\[m\]!~?ann@fd00:1:2:3:\S+ /);
    expect(bob.lines.map((line) => line.raw).join('\n')).toMatch(/drawbridge!\S+@127\.0\.0\.1/);
  });

  it('says why a voice cannot be had where the password is wrong', async () => {
    const server = await ofInspircd({ webirc: 'webircpw' });
    const options = { webircPassword: 'wrong', webircPrefix: 'fd00:1:2:3::/64' };
    const opened = await open(server.port, options);
    await expect(opened.enlist('ann')).rejects.toMatchObject({ effect: 'none' });
  });
});

inspircd.describe('an address of this machine for each Matrix user', () => {
  it('is where they connect from, the same each time, and the bot from anywhere', async () => {
    const server = await ofInspircd({});
    const bob = await enter(server, 'bob');
    const opened = await open(server.port, { bindPrefix: '127.64.0.0/10' });
    await opened.watch();
    const hostOf = async (name: string, text: string) => {
      const voice = await opened.enlist(name);
      await say(voice, text);
      const { raw } = await bob.hears('#a', `${name}[m]: ${text}`);
      await voice.close();
      return /@(\S+) /.exec(raw)?.[1];
    };
    const ann = await hostOf('ann', 'hi');
    expect(ann).toBe(sourceFor('127.64.0.0/10', '@ann:example.org'));
    expect(ann).toMatch(/^127\./);
    expect(await hostOf('ann', 'again')).toBe(ann);
    expect(await hostOf('ben', 'hi')).not.toBe(ann);
    expect(bob.lines.map((line) => line.raw).join('\n')).toMatch(/drawbridge!\S+@127\.0\.0\.1/);
  });

  it('is missed at the start where this machine has none, with what to do', async () => {
    const server = await ofInspircd({});
    await expect(open(server.port, { bindPrefix: '2001:db8:9::/64' })).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('ip route add local 2001:db8:9::/64 dev lo'),
    });
  });
});

/** Servers ask on this port, and not everybody may listen on it. */
async function whyNoIdent(): Promise<readonly string[]> {
  try {
    await (await IdentServer.open({ host: '127.0.0.1', port: 113 })).close();
    return [];
  } catch (error) {
    return [`nothing may listen on 127.0.0.1 port 113 (${String(error)})`];
  }
}

inspircd.describe('ident', () => {
  describeIfComplete('on its own port', noIdent, () => {
    it('is believed by a server: everybody has a user name, without a mark of doubt', async () => {
      const server = await ofInspircd({ ident: true });
      const bob = await enter(server, 'bob');
      const opened = await open(server.port, { identPort: 113, identHost: '127.0.0.1' });
      await opened.watch();
      await say(await opened.enlist('ann'), 'hi');
      expect((await bob.hears('#a', 'ann[m]: hi')).raw).toMatch(/^:ann\[m\]!ann@/);
      const masks = bob.lines.map(({ raw }) => raw).join('\n');
      expect(masks).toContain(':drawbridge!drawbridge@');
    });
  });
});

inspircd.describe('TLS', () => {
  it('is checked against the certificates that the operator gives', async () => {
    const { key, cert } = await makeCertificate();
    const server = await ofInspircd({ tls: { key, cert } });
    const tls = { tls: true, connectTimeoutMs: 5_000 };
    await expect(open(server.tlsPort!, tls)).rejects.toMatchObject({ code: 'unreachable' });
    const { network, signal } = await open(server.tlsPort!, { ...tls, caFile: cert });
    expect(await network.resolve?.('drawbridge', signal)).toEqual({ user: 'drawbridge' });
  });

  it('is used where the server wants it, and from then on from the first word', async () => {
    const { key, cert } = await makeCertificate();
    const server = await ofInspircd({ tls: { key, cert }, sts: true });
    const disk = memoryDisk();
    const options = { host: 'localhost', caFile: cert };
    const bob = await enter(server, 'bob');
    const first = await open(server.port, options, disk);
    await first.watch();
    await say(await first.enlist('ann'), 'hi');
    await bob.hears('#a', 'ann[m]: hi');
    bob.raw('WHOIS ann[m]');
    // RPL_WHOISSECURE
    await bob.until(({ command }) => command === '671', 'that ann is connected over TLS');
    await first.close();

    // Nobody listens there without TLS any more, or somebody else does.
    const nobody = await freePort();
    const { network, signal } = await open(nobody, options, disk);
    expect(await network.resolve?.('drawbridge', signal)).toEqual({ user: 'drawbridge' });
  });

  it('is content with a certificate that the operator has named, and with no other', async () => {
    const { key, cert } = await makeCertificate();
    const server = await ofInspircd({ tls: { key, cert } });
    const fingerprint = await fingerprintOf(cert);
    const strange = 'ab'.repeat(32);
    const tls = { tls: true, connectTimeoutMs: 5_000 };
    const named = { ...tls, certFingerprints: [strange, fingerprint.toUpperCase()] };
    const { enlist } = await open(server.tlsPort!, named);
    await enlist('ann');
    // Also where it is signed by whom we trust.
    const other = { ...tls, caFile: cert, certFingerprints: [strange] };
    await expect(open(server.tlsPort!, other)).rejects.toMatchObject({
      ...{ code: 'unreachable', effect: 'none' },
      message: expect.stringContaining(fingerprint),
    });
  });
});
