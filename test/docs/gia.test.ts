import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { userUriOf } from '../../gia/index.ts';
import * as schemas from '../../gia/schemas/index.ts';
import { printGiaErrors } from './gia-errors.ts';

const { namedSchemas, openApi } = schemas;
const printed = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const folder = 'docs/gia';

/** The files are compared; `-u` prints them again. */
describe('what is printed from the schemas', () => {
  it('is docs/gia/openapi.json', async () => {
    await expect(printed(openApi())).toMatchFileSnapshot('../../docs/gia/openapi.json');
  });

  it('is docs/gia/schemas/', async () => {
    const named = namedSchemas((name) => `${name}.json`);
    for (const [id, schema] of Object.entries(named)) {
      const file = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `${id}.json`,
        ...schema,
      };
      await expect(printed(file)).toMatchFileSnapshot(`../../docs/gia/schemas/${id}.json`);
    }
    expect(readdirSync(`${folder}/schemas`)).toEqual(
      Object.keys(named)
        .map((id) => `${id}.json`)
        .sort(),
    );
  });

  it('is docs/gia/errors.md', async () => {
    await expect(printGiaErrors()).toMatchFileSnapshot('../../docs/gia/errors.md');
  });
});

const papers = readdirSync(folder).filter((name) => name.endsWith('.md'));
const textOf = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');

/** Of a paper, its blocks of one kind, each with what it says it is. */
const blocks = (name: string, kind: string) =>
  [...textOf(name).matchAll(new RegExp(`^\`\`\`${kind} (\\w+)\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, what = '', text = '']) => ({ what, text }),
  );

describe('the examples of docs/gia', () => {
  const examples = papers.flatMap((name) => blocks(name, 'json').map((it) => ({ ...it, name })));

  it('are as the schemas say', () => {
    expect(examples.length).toBeGreaterThan(40);
    const wrong = examples.flatMap(({ what, text, name }) => {
      const schema =
        (schemas as Record<string, unknown>)[what.replace(/Event$/, '')] ??
        (schemas as Record<string, unknown>)[what];
      if (!(schema instanceof z.ZodType)) return [`${name}: there is no schema ${what}`];
      const { error } = schema.safeParse(JSON.parse(text));
      return error === undefined ? [] : [`${name}: ${what}: ${z.prettifyError(error)}`];
    });
    expect(wrong).toEqual([]);
  });

  it('show what every operation is sent and answers', () => {
    const shown = new Set(examples.map(({ what }) => what));
    const later = ['User', 'UserList', 'ProviderList', 'ReferenceOffer'];
    const needed = Object.values<schemas.Operation>(schemas.operations).flatMap(
      ({ body, answers }) =>
        [body, ...Object.values(answers)].flatMap((it) =>
          it instanceof z.ZodType ? (it.meta()?.id ?? []) : [],
        ),
    );
    expect([...new Set(needed)].filter((id) => !shown.has(id) && !later.includes(id))).toEqual([]);
  });

  it('have a request token that is signed byte by byte as they say', async () => {
    const [claims] = blocks('README.md', 'json').filter(({ what }) => what === 'RequestToken');
    const [header] = blocks('README.md', 'text').filter(({ what }) => what === 'RequestToken');
    const [, d = ''] = /"d": "([^"]+)"/.exec(textOf('README.md')) ?? [];
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', d, x }, 'EdDSA');
    const token = await new SignJWT(JSON.parse(claims?.text ?? ''))
      .setProtectedHeader({
        alg: 'EdDSA',
        typ: 'gia-request+jwt',
        kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      })
      .sign(key);
    expect(header?.text.trim()).toBe(`GIA ${token}`);
    const [, size, body = ''] = /the (\d+) bytes `([^`]+)`/.exec(textOf('README.md')) ?? [];
    expect(Number(size)).toBe(Buffer.byteLength(body));
    expect(JSON.parse(claims?.text ?? '').bh).toBe(
      createHash('sha256').update(body).digest('base64url'),
    );
  });

  it('have a container whose id is as they say', () => {
    const [container] = blocks('content.md', 'text').filter(({ what }) => what === 'container');
    const [id] = blocks('content.md', 'text').filter(({ what }) => what === 'id');
    const bytes = Buffer.from(container?.text.replace(/\s/g, '') ?? '', 'hex');
    const room = schemas.conversationUri('alicechat.example', 'cv_Zk3uXo8mQ1tB5yR7nA2cDw');
    const sender = userUriOf(room, 'ix:1:5f3c9a0b7d2e4c61a8f09b3d5e7c1f20');
    const sized = (text: string) =>
      Buffer.concat([Buffer.from([text.length >> 8, text.length & 255]), Buffer.from(text)]);
    const all = Buffer.concat([sized(sender), sized(room), bytes, bytes.subarray(2, 18)]);
    const hash = createHash('sha256').update(all).digest('hex').slice(0, 62);
    expect(id?.text.trim()).toBe(`01${hash}`);
    expect(textOf('content.md')).toContain(bytes.toString('base64url'));
  });
});

describe('the papers of docs/gia', () => {
  it('lead to files that are there', () => {
    for (const name of papers)
      for (const [, to = ''] of textOf(name).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g))
        expect([name, to, existsSync(join(folder, to))]).toEqual([name, to, true]);
  });

  it('name tests that are there, and every requirement', () => {
    const requirements = textOf('requirements.md');
    for (const [, file = '', title = ''] of requirements.matchAll(
      /`(test\/[\w./-]+\.test\.ts)`(?: "([^"]+)")?/g,
    )) {
      expect([file, existsSync(file)]).toEqual([file, true]);
      if (title !== '')
        expect([title, readFileSync(file, 'utf8').includes(title)]).toEqual([title, true]);
    }
    for (let n = 1; n <= 80; n++)
      expect(requirements).toContain(`| C${String(n).padStart(2, '0')} |`);
  });
});
