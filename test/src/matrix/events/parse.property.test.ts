import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/matrix/events/parse.ts';

const common = { event_id: '$1', room_id: '!room:example.org', sender: '@ann:example.org' };

const relatesTo = (relation: object) => ({ 'm.relates_to': relation });

/** Each kind of event, with everything in it that is read. */
const whole: readonly object[] = [
  {
    type: 'm.room.message',
    content: {
      msgtype: 'm.text',
      body: '> <@a:b> x\n\ny',
      format: 'org.matrix.custom.html',
      formatted_body: '<mx-reply>x</mx-reply>y',
      'dev.drawbridge.mark': { id: 'm', portal: 1 },
      ...relatesTo({
        rel_type: 'm.thread',
        event_id: '$t',
        is_falling_back: false,
        'm.in_reply_to': { event_id: '$a' },
      }),
    },
  },
  {
    type: 'm.room.message',
    content: {
      msgtype: 'm.image',
      body: 'look',
      filename: 'a.png',
      url: 'mxc://a/b',
      info: { size: 1, mimetype: 'image/png' },
    },
  },
  {
    type: 'm.room.message',
    content: {
      msgtype: 'm.text',
      body: '* x',
      'm.new_content': { msgtype: 'm.emote', body: 'x', format: 'f', formatted_body: 'x' },
      ...relatesTo({ rel_type: 'm.replace', event_id: '$a' }),
    },
  },
  {
    type: 'm.reaction',
    content: relatesTo({ rel_type: 'm.annotation', event_id: '$a', key: '👍' }),
  },
  { type: 'm.room.redaction', redacts: '$a', content: { redacts: '$a', reason: 'x' } },
  { type: 'm.room.encrypted', content: { algorithm: 'x' } },
  {
    type: 'm.room.member',
    state_key: '@b:c',
    content: {
      membership: 'invite',
      displayname: 'B',
      avatar_url: 'mxc://a/b',
      reason: 'x',
      is_direct: true,
    },
  },
  { type: 'm.room.encryption', state_key: '', content: { algorithm: 'x' } },
  { type: 'm.room.tombstone', state_key: '', content: { replacement_room: '!x' } },
  { type: 'm.sticker', content: { body: 'x' } },
  { type: '__proto__', content: {} },
];

const more = {
  origin_server_ts: 1,
  unsigned: {
    prev_content: { membership: 'leave' },
    invite_room_state: [{ type: 'm.room.encryption' }],
  },
};

/** `undefined` takes the part out. */
const replacement = fc.oneof(
  fc.constantFrom(undefined, null, '', 0, -1, 1e300, true, {}, [], [null], { __proto__: null }),
  fc.constantFrom('m.replace', 'm.thread', 'm.image', 'm.location', 'toString', '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Puts something else in one of the places of a value, numbered in their order. */
function replace(value: unknown, place: number, by: unknown): void {
  const places = [...placesOf(value)];
  const found = places[place % places.length];
  if (found) found.holder[found.key] = by;
}

function* placesOf(value: unknown): Iterable<{ holder: Record<string, unknown>; key: string }> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    // Without a type it is no event, which is another promise.
    if (key !== 'type') yield { holder, key };
    yield* placesOf(holder[key]);
  }
}

describe('parse', () => {
  it('never throws at an event of which parts were replaced by something else', () => {
    const changes = fc.array(fc.tuple(fc.nat(), replacement), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...whole), changes, (event, replacements) => {
        const changed: unknown = structuredClone({ ...event, ...more });
        for (const [place, value] of replacements) replace(changed, place, structuredClone(value));
        const parsed = parse(JSON.stringify({ ...(changed as object), ...common }));
        expect(parsed).toMatchObject({ id: '$1', sender: '@ann:example.org' });
        expect(parsed.kind).toEqual(expect.any(String));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['quotes', `> <@a:b> ${'x\n> '.repeat(16_000)}`],
    ['brackets', '<mx-reply>'.repeat(6_000)],
    ['closing brackets', '</mx-reply>'.repeat(6_000)],
    ['spaces', ' '.repeat(60_000)],
    ['surrogates', '\ud83d'.repeat(60_000)],
  ])('is done quickly with many %s', (_, body) => {
    const json = JSON.stringify({
      ...common,
      type: 'm.room.message',
      content: {
        msgtype: 'm.text',
        body,
        format: 'org.matrix.custom.html',
        formatted_body: body,
        'm.relates_to': { 'm.in_reply_to': { event_id: '$a' } },
      },
    });
    const startMs = performance.now();
    parse(json);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it('reads an event that is nested as deeply as one can be', () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const event = parse(
      `{"event_id":"$1","room_id":"!r","sender":"@a:b","type":"m.room.message",` +
        `"content":{"msgtype":"m.text","body":"hi","x":${deep},"m.relates_to":${deep}}}`,
    );
    expect(event).toMatchObject({ kind: 'message', body: { text: 'hi' } });
  });
});
