import { createHash, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiFailure,
  anonymous,
  asLocalUser,
  asProvider,
  type Credentials,
  connect,
  publicJwkOf,
  publicKeyOf,
  RequestToken,
  UserToken,
  uploadFile,
  userTokenOf,
  verifiedJws,
} from '#gia';
import { cut, json, problem, scripted } from './scripted-gatekeeper.ts';

const user = `ix:1:${'a'.repeat(32)}`;
const accepted = { msg_id: `ms_${'a'.repeat(16)}`, seq: 1, accepted_ms: 5 };
const message = {
  params: { conv_id: `cv_${'a'.repeat(16)}` },
  ...{ user, key: 'k'.repeat(22) },
  body: { suite: 'e2b/1', sender_device: 'd', payloads: [], client_ts: 1 },
};
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const provider = { domain: 'bob.example', keyId: 'k1', key: privateKey };

function connected(origin: string, credentials: Credentials = anonymous) {
  const connection = connect({ origin, timeoutMs: 500 }, credentials);
  onTestFinished(() => connection.close());
  return connection;
}

async function failureOf(step: Promise<unknown>): Promise<ApiFailure> {
  const error = await step.then(
    () => new Error('it succeeded'),
    (cause) => cause,
  );
  if (error instanceof ApiFailure) return error;
  throw error;
}

describe('a call', () => {
  it('says what it is to say, and gets an answer that is as documented', async () => {
    const { origin, received } = await scripted(json(202, { ...accepted, new_in_2027: true }));
    const answer = await connected(origin, asLocalUser('t0')).call('sendMessage', message);

    expect(answer).toEqual(accepted);
    expect(received[0]).toMatchObject({
      ...{ method: 'POST', path: `/gia/v1/conversations/${message.params.conv_id}/messages` },
      headers: {
        ...{ authorization: 'Bearer t0', 'gia-user': user, 'idempotency-key': message.key },
        'gia-version': '2026-11',
      },
    });
    expect(JSON.parse(received[0]!.body.toString())).toEqual(message.body);
  });

  it('is signed by a provider for this one request', async () => {
    const { origin, received } = await scripted(json(202, accepted));
    const connection = connected(origin, asProvider(provider));
    await connection.call('sendMessage', message);
    await connection.call('sendMessage', message);
    const [first, second] = received.map(({ headers }) => headers.authorization ?? '');
    const jws = verifiedJws(first!.slice('GIA '.length), () => publicKey);
    const { path, body } = received[0]!;

    expect(jws?.header).toEqual({ alg: 'EdDSA', typ: 'gia-request+jwt', kid: 'k1' });
    expect(RequestToken.parse(jws?.payload)).toMatchObject({
      ...{ iss: 'bob.example', aud: origin, htm: 'POST', htu: `${origin}${path}` },
      bh: createHash('sha256').update(body).digest('base64url'),
    });
    expect(second).not.toBe(first);
  });

  it('is refused with what the gatekeeper says, and then it did nothing', async () => {
    const missing = [{ user_ref: user, device: 'd' }];
    const refusal = problem(409, 'device_mismatch', { retryable: true, missing });
    const { origin } = await scripted(refusal);
    const failure = await failureOf(connected(origin).call('sendMessage', message));

    expect(failure).toMatchObject({ code: 'device_mismatch', effect: 'none', isRetryable: true });
    expect(failure.problem).toMatchObject({ missing });
  });

  it('may have done something where the gatekeeper broke, or nothing came back', async () => {
    const { origin } = await scripted(problem(500, 'internal'), cut, json(202, {}), () => {});
    const connection = connected(origin);
    const failures = [];
    for (let at = 0; at < 4; at++)
      failures.push(await failureOf(connection.call('sendMessage', message)));

    expect(failures.map(({ code, effect }) => [code, effect])).toEqual([
      ['internal', 'unknown'],
      ['no_answer', 'unknown'],
      ['bad_answer', 'unknown'],
      ['no_answer', 'unknown'],
    ]);
  });

  it('did nothing where there was nobody to talk to', async () => {
    const failure = await failureOf(connected('http://127.0.0.1:1').call('listProviders', {}));

    expect(failure).toMatchObject({ code: 'no_answer', effect: 'none', isRetryable: true });
  });

  it('says when to come back, where it was told', async () => {
    const { origin } = await scripted((response) => {
      response.setHeader('retry-after', '7');
      problem(429, 'rate_limited', { retryable: true })(response, undefined as never);
    });
    const failure = await failureOf(connected(origin).call('listProviders', {}));

    expect(failure).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
  });

  it.each([
    ['an answer of another shape', json(200, { providers: 5 })],
    ['a status that is not documented', json(299, {})],
    ['a refusal that is no problem', json(403, { error: 'no' })],
  ])('takes no %s', async (_what, answer) => {
    const { origin } = await scripted(answer);

    expect((await failureOf(connected(origin).call('listProviders', {}))).code).toBe('bad_answer');
  });

  it('takes bytes as they are', async () => {
    const { origin, received } = await scripted(json(200, {}));
    const toJSON = () => expect.fail('they were written as JSON');
    const bytes = Object.assign(new TextEncoder().encode('bytes'), { toJSON });

    const params = { media_id: `md_${'a'.repeat(32)}` };
    await connected(origin)
      .call('uploadMedia', { params, body: bytes, headers: { 'Upload-Offset': '0' } })
      .catch(() => {});

    expect(String(received[0]?.body)).toBe('bytes');
  });

  it('is given up when its caller says so', async () => {
    const { origin } = await scripted(() => {});
    const signal = AbortSignal.abort(new Error('not needed any more'));

    await expect(connected(origin).call('listProviders', { signal })).rejects.toThrow(
      'not needed any more',
    );
  });

  it('puts parameters where they belong, whatever is in them', async () => {
    const { origin, received } = await scripted(json(200, { users: [] }));
    await connected(origin).call('searchUsers', { query: { q: 'a&b=/c' } });

    expect(received[0]?.path).toBe('/gia/v1/users?q=a%26b%3D%2Fc');
  });
});

describe('userTokenOf', () => {
  it('is what a gatekeeper expects of it', () => {
    const who = { visibleId: 'bob@bob.example', audience: 'https://g.example', authTimeMs: 5000 };
    const jws = verifiedJws(userTokenOf(provider, who), () => publicKey);

    expect(jws?.header['typ']).toBe('gia-user+jwt');
    expect(UserToken.parse(jws?.payload)).toMatchObject({ sub: 'bob@bob.example', auth_time: 5 });
  });
});

describe('verifiedJws', () => {
  it('takes nothing that another key signed, that changed, or that wants another algorithm', () => {
    const who = { visibleId: 'bob@bob.example', audience: 'https://g.example', authTimeMs: 5000 };
    const jws = userTokenOf(provider, who);
    const other = generateKeyPairSync('ed25519').publicKey;
    const [, payload, signature] = jws.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');

    expect(verifiedJws(jws, () => publicKeyOf(publicJwkOf(publicKey)))).toBeDefined();
    expect(verifiedJws(jws, () => other)).toBeUndefined();
    expect(verifiedJws(`${none}.${payload}.${signature}`, () => publicKey)).toBeUndefined();
    expect(verifiedJws(`${jws}x`.replace('.', '.e'), () => publicKey)).toBeUndefined();
    expect(verifiedJws('', () => publicKey)).toBeUndefined();
  });
});

describe('uploadFile', () => {
  it('goes on where the gatekeeper is, whichever answer was lost', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gia-upload-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'f');
    writeFileSync(file, 'hello world');
    const state = (offset_bytes: number) => ({
      ...{ media_id: `md_${'a'.repeat(32)}`, url: 'https://g.example/m', size_bytes: 11 },
      ...{ offset_bytes, complete: offset_bytes === 11 },
    });
    const { origin, received } = await scripted(
      cut,
      json(201, state(0)),
      cut,
      cut,
      json(200, state(6)),
      json(200, state(11)),
    );
    const sha256 = new Uint8Array(32);
    const url = await uploadFile(connected(origin), { file, sizeBytes: 11, sha256 });

    expect(url).toBe('https://g.example/m');
    expect(received.map(({ method, body }) => `${method} ${body}`).slice(2)).toEqual([
      'PATCH hello world',
      'GET ',
      'GET ',
      'PATCH world',
    ]);
    expect(received.at(-1)?.headers['upload-offset']).toBe('6');
  });
});
