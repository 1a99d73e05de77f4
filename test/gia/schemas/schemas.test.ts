import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as schemas from '../../../gia/schemas/index.ts';

const { EventEnvelope, Jwks, KnownEvent, MessageSend, ProviderRequest, base64url, limits } =
  schemas;

const all = Object.entries(schemas).filter(([, value]) => value instanceof z.ZodType) as [
  string,
  z.ZodType,
][];

const message = {
  suite: 'e2b/1',
  sender_device: 'bridge',
  payloads: [{ to: 'group', type: 'application', body: 'aGk' }],
  client_ts: 1,
};

describe('the schemas', () => {
  it.each(all)('print %s as a JSON Schema', (_name, schema) => {
    expect(() => z.toJSONSchema(schema, { io: 'input' })).not.toThrow();
  });

  it('ignore members they do not know', () => {
    const payload = { to: 'group', type: 'application', body: 'aGk', later: [1] };
    expect(MessageSend.parse({ ...message, payloads: [payload], later: { x: 1 } })).toEqual(
      message,
    );
  });
});

describe('base64url', () => {
  it('takes as many bytes as it says, and no more', () => {
    expect(base64url(3).safeParse(Buffer.alloc(3).toString('base64url')).success).toBe(true);
    expect(base64url(3).safeParse(Buffer.alloc(4).toString('base64url')).success).toBe(false);
  });

  it('takes neither padding nor the other alphabet', () => {
    for (const wrong of ['aGk=', 'a+b/', 'a b']) {
      expect(base64url(9).safeParse(wrong).success).toBe(false);
    }
  });
});

describe('Jwks', () => {
  it('refuses a private key', () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: 'aGk' };
    expect(Jwks.safeParse({ keys: [key] }).success).toBe(true);
    expect(Jwks.safeParse({ keys: [{ ...key, d: 'aGk' }] }).success).toBe(false);
  });
});

describe('MessageSend', () => {
  it('bounds how many payloads there are and how large each is', () => {
    const [payload] = message.payloads;
    const many = Array(limits.payloadsPerMessage + 1).fill(payload);
    const large = [{ ...payload, body: 'a'.repeat(limits.payloadBytes * 2) }];
    for (const payloads of [[], many, large]) {
      expect(MessageSend.safeParse({ ...message, payloads }).success).toBe(false);
    }
  });
});

describe('ProviderRequest', () => {
  it('wants keys, or where to fetch them, but not both', () => {
    const request = {
      domain: 'bobchat.example',
      name: 'BobChat',
      contacts: ['ops@bobchat.example'],
      functions: ['dm'],
      security_equivalence: { suites: ['mls10/1'], audits: [] },
      media_domains: [],
    };
    const jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'aGk' }] };
    const jwks_uri = 'https://bobchat.example/jwks.json';
    expect(ProviderRequest.safeParse({ ...request, jwks }).success).toBe(true);
    expect(ProviderRequest.safeParse({ ...request, jwks_uri }).success).toBe(true);
    expect(ProviderRequest.safeParse(request).success).toBe(false);
    expect(ProviderRequest.safeParse({ ...request, jwks, jwks_uri }).success).toBe(false);
  });
});

describe('EventEnvelope', () => {
  it('takes an event of a type that nobody knows yet', () => {
    const event = {
      event_id: 'ev_0123456789abcdef',
      cursor: 'c1',
      type: 'moon.full',
      data: { x: 1 },
    };
    expect(EventEnvelope.parse(event)).toEqual(event);
    expect(KnownEvent.safeParse(event).success).toBe(false);
  });
});
