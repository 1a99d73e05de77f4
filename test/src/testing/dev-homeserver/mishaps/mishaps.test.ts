import { describe, expect, it } from 'vitest';
import { Mishaps } from '../../../../../src/testing/dev-homeserver/mishaps/mishaps.ts';

const asked = (request: string, appservice?: string) => {
  const [method = '', path = ''] = request.split(' /');
  return { method, segments: path.split('/'), appservice };
};
const send = asked('PUT /rooms/!tea/send/m.room.message/1');

describe('Mishaps', () => {
  it('happen once, as often as they are told to, or always', () => {
    const mishaps = new Mishaps();
    const [once, twice] = [
      mishaps.add({ is: 'drop', when: 'before' }),
      mishaps.add({ is: 'error', when: 'after', times: 2 }),
    ];
    const always = mishaps.add({ is: 'refuse', times: 'always' });
    const met = Array.from({ length: 5 }, () => mishaps.ofRequest(send)?.is);
    expect(met).toEqual(['drop', 'error', 'error', 'refuse', 'refuse']);
    expect([once.count, twice.count, always.count]).toEqual([1, 2, 2]);
    mishaps.clear();
    expect(mishaps.ofRequest(send)).toBeUndefined();
  });

  it.each([
    ['PUT /rooms/{}/send', true],
    ['PUT /rooms/!tea/send/m.room.message', true],
    ['PUT /rooms', true],
    ['PUT /room', false],
    ['GET /rooms/{}/send', false],
    ['PUT /rooms/{}/state', false],
    ['PUT /rooms/{}/send/{}/{}/more', false],
  ])('asked for by %s meet a message, or not: %s', (on, isMet) => {
    const mishaps = new Mishaps();
    mishaps.add({ is: 'drop', when: 'before', on });
    expect(mishaps.ofRequest(send) !== undefined).toBe(isMet);
  });

  it('keep to a room and to an appservice', () => {
    const mishaps = new Mishaps();
    mishaps.add({ is: 'refuse', room: '!tea', appservice: 'x', times: 'always' });
    expect(mishaps.ofRequest(send)).toBeUndefined();
    expect(mishaps.ofRequest(asked('POST /join/!coffee', 'x'))).toBeUndefined();
    expect(mishaps.ofRequest(asked('POST /join/!tea', 'x'))).toMatchObject({ status: 403 });
  });

  it('happen by chance the same way for the same seed', () => {
    const hits = (seed: number) => {
      const mishaps = new Mishaps();
      const chance = { of: 0.3, seed };
      const happening = mishaps.add({ is: 'drop', when: 'before', chance, times: 'always' });
      const which = Array.from({ length: 200 }, () => mishaps.ofRequest(send) !== undefined);
      expect(which.filter(Boolean)).toHaveLength(happening.count);
      return which;
    };
    expect(hits(7)).toEqual(hits(7));
    expect(hits(7)).not.toEqual(hits(8));
    expect(hits(7).filter(Boolean).length).toBeGreaterThan(40);
    expect(hits(7).filter(Boolean).length).toBeLessThan(80);
  });

  it('towards an appservice meet no request, and the other way round', () => {
    const mishaps = new Mishaps();
    mishaps.add({ is: 'lose-event', appservice: 'x' });
    mishaps.add({ is: 'drop', when: 'before' });
    expect(mishaps.ofDelivery('grow-transaction', 'x')).toBeUndefined();
    expect(mishaps.ofDelivery('lose-event', 'y')).toBeUndefined();
    expect(mishaps.ofDelivery('lose-event', 'x')).toBeDefined();
    expect(mishaps.ofDelivery('lose-event', 'x')).toBeUndefined();
    expect(mishaps.all().map(({ count }) => count)).toEqual([1, 0]);
  });

  it('are refused where they make no sense', () => {
    const mishaps = new Mishaps();
    for (const wrong of [
      { is: 'explode' },
      { is: 'drop' },
      { is: 'error', when: 'after', status: 404 },
      { is: 'refuse', times: 0 },
      { is: 'refuse', on: '/rooms' },
      { is: 'refuse', chance: { of: 2, seed: 1 } },
      { is: 'lose-event', room: '!tea' },
    ])
      expect(() => mishaps.add(wrong as never)).toThrow();
  });
});
