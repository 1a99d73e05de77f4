import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../../src/playground/server/guard.ts';

const house = { port: 8420, token: 'the-token-of-this-start' };
const host = '127.0.0.1:8420';
const own = {
  host,
  origin: 'http://127.0.0.1:8420',
  'content-type': 'application/json',
  'x-playground-token': house.token,
};
const get = (headers: object) => refusalOf({ method: 'GET', headers: { host, ...headers } }, house);
const post = (headers: object) =>
  refusalOf({ method: 'POST', headers: { ...own, ...headers } }, house);

describe('refusalOf', () => {
  it('lets the page in, under both names of this machine', () => {
    expect(get({})).toBeUndefined();
    expect(get({ host: 'localhost:8420' })).toBeUndefined();
    expect(post({})).toBeUndefined();
  });

  it.each(['evil.example:8420', '127.0.0.1:9999', '127.0.0.1', '127.0.0.1.evil.example:8420', ''])(
    'refuses the host %s, which somebody may have made to point here',
    (name) => expect(get({ host: name })).toMatchObject({ status: 421 }),
  );

  it.each(['http://evil.example', 'null', 'https://127.0.0.1:8420', 'http://127.0.0.1:1'])(
    'refuses what a page of %s asks',
    (origin) => {
      expect(get({ origin })).toMatchObject({ status: 403 });
      expect(post({ origin })).toMatchObject({ status: 403 });
    },
  );

  it('refuses what a browser says comes from another site, even without an origin', () => {
    expect(get({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(get({ 'sec-fetch-site': 'same-site' })).toMatchObject({ status: 403 });
    expect(get({ 'sec-fetch-site': 'none' })).toBeUndefined();
  });

  it('lets somebody follow a link to the page, but not another page show it in a frame', () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(get({ ...link, 'sec-fetch-dest': 'document' })).toBeUndefined();
    expect(get({ ...link, 'sec-fetch-dest': 'iframe' })).toMatchObject({ status: 403 });
    expect(post({ ...link, 'sec-fetch-dest': 'document', 'x-playground-token': '' })).toMatchObject(
      { status: 403 },
    );
  });

  it.each([undefined, '', 'wrong', 'the-token-of-that-start'])(
    'refuses a change with the token %s',
    (token) => expect(post({ 'x-playground-token': token })).toMatchObject({ status: 403 }),
  );

  it('refuses a body that a plain form could send', () => {
    expect(post({ 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(post({ 'content-type': undefined })).toMatchObject({ status: 415 });
  });

  it('refuses other methods', () => {
    expect(refusalOf({ method: 'PUT', headers: own }, house)).toMatchObject({ status: 405 });
  });
});
