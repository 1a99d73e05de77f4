import { describe, expect, it } from 'vitest';
import { IrcConfig } from '../../../bridges/irc/config.ts';

describe('IrcConfig', () => {
  it('needs only a host', () => {
    expect(IrcConfig.parse({ host: 'irc.test' })).toMatchObject({ port: 6697, tls: true });
  });

  it.each([
    [{}],
    [{ host: 'x', prot: 1 }],
    [{ host: 'x', nick: '4nn' }],
    [{ host: 'x', nick: 'a b' }],
    [{ host: 'x', username: 'a@b' }],
    [{ host: 'x', enlistedNick: 'everybody' }],
    [{ host: 'x', password: 'two\nlines' }],
    [{ host: 'x', realname: 'a\0' }],
    [{ host: 'x', fallbackCharset: 'klingon' }],
    [{ host: 'x', lineBurst: 0 }],
    [{ host: 'x', otherServers: ['irc://y'] }],
    [{ host: 'x', channelKeys: { '#a': 'two,keys' } }],
    [{ host: 'x', channelKeys: { '#a': 'a space' } }],
    [{ host: 'x', channelKeys: { '#a': ':colon' } }],
    [{ host: 'x', webircPassword: 'pw' }],
    [{ host: 'x', enlistedModes: 'Rx' }],
    [{ host: 'x', enlistedModes: '+R x' }],
    [{ host: 'x', certFingerprints: ['ab:cd'] }],
    [{ host: 'x', certFingerprints: ['ab'.repeat(32)], tls: false }],
    [{ host: 'x', webircPassword: 'two words', webircPrefix: 'fd00::/64' }],
    [{ host: 'x', webircPassword: 'pw', webircPrefix: '10.0.0.0/8' }],
    [{ host: 'x', account: 'a b', accountPassword: 'x' }],
    [{ host: 'x', account: 'bot' }],
    [{ host: 'x', accountPassword: 'of nobody' }],
    [{ host: 'x', certFile: 'cert.pem' }],
    [{ host: 'x', certFile: 'cert.pem', keyFile: 'key.pem', tls: false }],
  ])('refuses %j', (options) => {
    expect(IrcConfig.safeParse(options).success).toBe(false);
  });

  it('describes every key, and marks what is secret', () => {
    for (const [key, schema] of Object.entries(IrcConfig.shape)) {
      expect(schema.description, key).toBeTruthy();
      expect(schema.meta()?.['secret'] === true, key).toBe(/(?:password|Keys)$/i.test(key));
    }
  });
});
