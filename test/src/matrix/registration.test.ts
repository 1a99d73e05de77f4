import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  newRegistration,
  placeholderRegistration,
  printRegistration,
  type Registration,
  readRegistration,
  registrationProblems,
} from '../../../src/matrix/registration.ts';

const options = {
  id: 'bridge',
  url: 'http://127.0.0.1:9000',
  prefix: '_db_',
  serverName: 'example.org:8448',
  networks: ['one', 'two'],
  protocols: ['chat'],
};

const regexOf = (registration: Registration, of: 'users' | 'aliases') => {
  const [namespace] = registration.namespaces[of];
  return new RegExp(namespace?.regex ?? 'none');
};

describe('newRegistration', () => {
  it('has secrets of 32 bytes, other ones each time', () => {
    const [a, b] = [newRegistration(options), newRegistration(options)];
    const secrets = [a.asToken, a.hsToken, b.asToken, b.hsToken];
    expect(new Set(secrets).size).toBe(4);
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
    expect(a.senderLocalpart).not.toBe(b.senderLocalpart);
    expect(a.senderLocalpart).toMatch(/^[a-z0-9_]+$/);
  });

  it('owns the bot, the ghosts and the aliases, and nobody else', () => {
    const users = regexOf(newRegistration(options), 'users');
    expect(users.test('@_db_bot:example.org:8448')).toBe(true);
    expect(users.test('@_db_one_a=40/x.y+z-1:example.org:8448')).toBe(true);
    for (const id of [
      '@ann:example.org:8448',
      '@_db_:example.org:8448',
      '@_db_bot:example.org',
      '@_db_bot:exampleXorg:8448',
      '@_db_bot:example.org:8448.evil.org',
      '@x_db_bot:example.org:8448',
      '@_db_a:evil.org:example.org:8448',
      '@_db_Bot:example.org:8448',
    ])
      expect([id, users.test(id)]).toEqual([id, false]);

    const aliases = regexOf(newRegistration(options), 'aliases');
    expect(aliases.test('#_db_one_#Room ü:example.org:8448')).toBe(true);
    expect(aliases.test('#room:example.org:8448')).toBe(false);
  });

  it('takes a prefix literally, whatever is in it', () => {
    const registration = newRegistration({ ...options, prefix: 'a.b+c' });
    const users = regexOf(registration, 'users');
    expect(users.test('@a.b+cbot:example.org:8448')).toBe(true);
    expect(users.test('@axbbcbot:example.org:8448')).toBe(false);
  });

  it.each(['Big', 'spa ce', '', 'ü', 'a:b'])('refuses %j as part of a user id', (part) => {
    expect(() => newRegistration({ ...options, prefix: part })).toThrow(RangeError);
    expect(() => newRegistration({ ...options, networks: [part] })).toThrow(RangeError);
  });

  it('uses only what every homeserver can match', () => {
    const part = fc.stringMatching(/^[a-z0-9._=/+-]{1,10}$/);
    const server = fc.stringMatching(/^[a-z0-9.-]{1,20}(:[0-9]{1,5})?$/);
    fc.assert(
      fc.property(part, server, (prefix, serverName) => {
        const { namespaces } = newRegistration({ ...options, prefix, serverName });
        for (const { regex, exclusive } of [...namespaces.users, ...namespaces.aliases]) {
          expect(exclusive).toBe(true);
          expect(regex).toMatch(/^\^[@#].*\$$/);
          // RE2 and Rust know neither groups that look around nor references.
          expect(regex).not.toMatch(/\(|\\[a-zA-Z0-9]/);
        }
        expect(
          new RegExp(namespaces.users[0]?.regex ?? '').test(`@${prefix}bot:${serverName}`),
        ).toBe(true);
      }),
    );
  });
});

describe('printRegistration', () => {
  it('prints what is read back the same', () => {
    const registration = newRegistration(options);
    expect(readRegistration(printRegistration(registration), 'x.yaml')).toEqual(registration);
  });

  it('has every key that a homeserver or another parser asks for', () => {
    const registration = newRegistration(options);
    expect(parse(printRegistration(registration))).toEqual({
      id: 'bridge',
      url: 'http://127.0.0.1:9000',
      as_token: registration.asToken,
      hs_token: registration.hsToken,
      sender_localpart: registration.senderLocalpart,
      rate_limited: false,
      receive_ephemeral: true,
      'de.sorunome.msc2409.push_ephemeral': true,
      protocols: ['chat'],
      namespaces: {
        users: [{ exclusive: true, regex: '^@_db_[a-z0-9._=/+-]+:example\\.org:8448$' }],
        aliases: [{ exclusive: true, regex: '^#_db_.+:example\\.org:8448$' }],
        rooms: [],
      },
    });
  });

  it('says of a sample that it is one', () => {
    const sample = printRegistration(placeholderRegistration(options));
    expect(sample).toContain('drawbridge registration > registration.local.yaml');
    expect(sample).toBe(printRegistration(placeholderRegistration(options)));
    expect(printRegistration(newRegistration(options))).not.toContain('placeholder');
  });
});

describe('readRegistration', () => {
  const file = () => parse(printRegistration(newRegistration(options))) as Record<string, unknown>;
  const reading = (changes: object) => () =>
    readRegistration(JSON.stringify({ ...file(), ...changes }), 'reg.yaml');

  it('takes a minimal file, and one with keys of others', () => {
    const minimal = {
      id: 'x',
      url: null,
      as_token: 'a',
      hs_token: 'h',
      sender_localpart: 's',
      namespaces: {},
      group_id: 'old',
    };
    expect(readRegistration(JSON.stringify(minimal), 'reg.yaml')).toEqual({
      id: 'x',
      url: null,
      asToken: 'a',
      hsToken: 'h',
      senderLocalpart: 's',
      rateLimited: true,
      receiveEphemeral: false,
      pushEphemeral: false,
      protocols: [],
      namespaces: { users: [], aliases: [], rooms: [] },
    });
  });

  it.each([
    [{ as_token: undefined }, 'reg.yaml: as_token: is missing; expected string'],
    [{ url: 3 }, 'reg.yaml: url: expected string'],
    [{ rate_limited: 'no' }, 'reg.yaml: rate_limited: expected boolean'],
    [{ namespaces: undefined }, 'reg.yaml: namespaces: is missing; expected object'],
    [
      { namespaces: { users: [{ exclusive: true }] } },
      'reg.yaml: namespaces.users.0.regex: is missing; expected string',
    ],
  ])('says what is wrong in %j', (changes, problem) => {
    expect(reading(changes)).toThrow(new SyntaxError(problem));
  });

  it('says where it is not YAML, without showing a token', () => {
    const text = 'id: x\nas_token: [secret-token\nhs_token: y\n';
    let message = '';
    try {
      readRegistration(text, 'reg.yaml');
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/reg\.yaml:\d: not YAML/);
    expect(message).not.toContain('secret-token');
  });

  it.each(['', '[]', 'text'])('refuses %j', (text) => {
    expect(() => readRegistration(text, 'reg.yaml')).toThrow(/reg\.yaml: the whole file/);
  });
});

describe('registrationProblems', () => {
  const registration = newRegistration(options);
  const problemsOf = (changes: Partial<Registration>, expected: object = {}) =>
    registrationProblems({ ...registration, ...changes }, { ...options, ...expected }).join('\n');
  const users = (...namespaces: { exclusive: boolean; regex: string }[]) => ({
    namespaces: { ...registration.namespaces, users: namespaces },
  });

  it('has none with what was printed, whatever slash ends its url', () => {
    expect(problemsOf({})).toBe('');
    expect(problemsOf({ url: `${options.url}/` })).toBe('');
  });

  it('of the sample is how to print a real one', () => {
    const problems = registrationProblems(placeholderRegistration(options), options);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('drawbridge registration > registration.local.yaml');
  });

  it.each<[string, Partial<Registration>, RegExp]>([
    ['one token for both', { hsToken: registration.asToken }, /are the same/],
    ['one placeholder', { hsToken: 'PLACEHOLDER_x' }, /placeholders/],
    ['no url', { url: null }, /url is null/],
    ['an url of another kind', { url: 'ftp://x' }, /has to begin with http/],
    ['another url', { url: 'http://127.0.0.1:9001' }, /the config says/],
    ['the bot as the sender', { senderLocalpart: '_db_bot' }, /sender_localpart is the bot/],
    ['no ephemeral events', { receiveEphemeral: false }, /receive_ephemeral/],
    ['no older ephemeral events', { pushEphemeral: false }, /push_ephemeral/],
    [
      'a regex that is not anchored',
      users({ exclusive: true, regex: '@_db_.*:example\\.org:8448' }),
      /has to begin with \^/,
    ],
    ['a regex that is none', users({ exclusive: true, regex: '^(' }), /is not valid/],
    [
      'a regex that looks around',
      users({ exclusive: true, regex: '^@(?=_db_).*:example\\.org:8448$' }),
      /looks around/,
    ],
    [
      'a namespace that others share',
      users({ exclusive: false, regex: '^@_db_.*:example\\.org:8448$' }),
      /no exclusive namespace matches @_db_bot/,
    ],
    [
      'a namespace of everybody',
      users({ exclusive: true, regex: '^@.*:example\\.org:8448$' }),
      /could no longer register/,
    ],
    [
      'no aliases',
      { namespaces: { ...registration.namespaces, aliases: [] } },
      /no exclusive namespace matches #_db_some-chat/,
    ],
  ])('finds %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toMatch(problem);
  });

  it.each([
    ['prefix', { prefix: '_other_' }],
    ['server name', { serverName: 'example.com' }],
  ])('finds another %s', (_, expected) => {
    expect(problemsOf({}, expected)).toMatch(/no exclusive namespace matches @/);
  });
});
