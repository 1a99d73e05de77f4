import { describe, expect, it } from 'vitest';
import { Features } from '../../../../bridges/irc/wire/isupport.ts';

const features = (...words: string[]) => new Features().with(words);

describe('Features', () => {
  it('takes what RFC 1459 says until the server says otherwise', () => {
    const { caseMapping, channelTypes, prefixSigns, lineLengthBytes, nickLength } = new Features();
    expect({ caseMapping, channelTypes, prefixSigns, lineLengthBytes, nickLength }).toEqual({
      caseMapping: 'rfc1459',
      channelTypes: '#&',
      prefixSigns: '@+',
      lineLengthBytes: 512,
      nickLength: undefined,
    });
  });

  it('reads what the server says', () => {
    const said = features('CASEMAPPING=ascii', 'CHANTYPES=#', 'PREFIX=(qaohv)~&@%+', 'NICKLEN=30');
    expect(said.caseMapping).toBe('ascii');
    expect(said.isChannel('&a')).toBe(false);
    expect(said.prefixSigns).toBe('~&@%+');
    expect(said.nickLength).toBe(30);
  });

  it('forgets what the server takes back', () => {
    expect(features('NICKLEN=30').with(['-NICKLEN']).nickLength).toBeUndefined();
  });

  it('takes a case mapping that it does not know for one of all letters', () => {
    expect(features('CASEMAPPING=rfc7613').fold('Ä')).toBe('ä');
  });

  it('undoes the escapes of a value', () => {
    expect(features('NETWORK=Test\\x20Net').tokens.get('NETWORK')).toBe('Test Net');
  });

  it('never believes in a line shorter than every server takes', () => {
    expect(features('LINELEN=100').lineLengthBytes).toBe(512);
    expect(features('LINELEN=2048').lineLengthBytes).toBe(2048);
  });

  it('knows which client-only tags are passed on', () => {
    expect(features().passesTag('typing')).toBe(true);
    expect(features('CLIENTTAGDENY=typing').passesTag('typing')).toBe(false);
    expect(features('CLIENTTAGDENY=*').passesTag('typing')).toBe(false);
    expect(features('CLIENTTAGDENY=*,-typing').passesTag('typing')).toBe(true);
  });
});
