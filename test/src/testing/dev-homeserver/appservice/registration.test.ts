import { describe, expect, it } from 'vitest';
import { readRegistrations } from '../../../../../src/testing/dev-homeserver/appservice/registration.ts';
import { registration } from '../support/stub-appservice.ts';

const one = (yaml: string) => {
  const [appservice] = readRegistrations([yaml], 'hs.test');
  if (appservice === undefined) throw new Error('nothing was read');
  return appservice;
};

describe('readRegistrations', () => {
  it('matches from the start only, and with a feeling for case', () => {
    const yaml = registration('http://127.0.0.1:1/path/').replace("'^@_x_.*:hs\\.test$'", "'@_x_'");
    const appservice = one(yaml);
    expect(appservice.url).toBe('http://127.0.0.1:1/path');
    const owned = ['@_x_a:hs.test', '@_x_a:else.where', 'x@_x_a', '@_X_a:hs.test', '@a:hs.test'];
    expect(owned.map((id) => appservice.ownsUser(id))).toEqual([true, true, false, false, false]);
    expect(appservice.ownsUser('@sender-x:hs.test')).toBe(true);
    expect(appservice.ownsAliasAlone('#_x_a:hs.test')).toBe(true);
  });

  it('keeps an open namespace open', () => {
    const appservice = one(registration(null).replaceAll('exclusive: true', 'exclusive: false'));
    expect(appservice.ownsUser('@_x_a:hs.test')).toBe(true);
    expect(appservice.ownsUserAlone('@_x_a:hs.test')).toBe(false);
  });

  it.each([
    ['without a url', registration(null).replace('url: null\n', ''), /Registration 1.*url/s],
    ['with a regex that is none', registration(null).replace("'^@_x", "'^(@_x"), /\(/],
    ['that is no map', '- a', /Registration 1/],
  ])('refuses one %s', (_, yaml, message) => {
    expect(() => one(yaml)).toThrow(message);
  });

  it('refuses two with one token', () => {
    const twin = registration(null, 'y').replace('as-token-y', 'as-token-x');
    expect(() => readRegistrations([registration(null), twin], 'hs.test')).toThrow(/'y'/);
  });
});
