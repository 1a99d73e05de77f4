import { describe, expect, it } from 'vitest';
import type { Arrived, Outcome, Said } from './crossing.ts';
import { removalOf } from './crossing.ts';
import { Flight } from './flight.ts';
import { longText } from './lines.ts';

const said = (text: string, more: Partial<Said> = {}): Said => ({
  ...{ text, what: 'message', chat: 'ch-1', sender: 'anna' },
  ...more,
});

function flightOf(rules = { mayStayUnknown: true, hidesRemoved: true, mayComeLate: false }) {
  const record = () => ({
    said: [] as Said[],
    arrived: [] as Arrived[],
    told: new Map<string, Outcome>(),
    toldTwice: new Set<string>(),
    things: new Map(),
  });
  const [from, to] = [record(), record()];
  const flight = new Flight(
    () => from,
    () => to,
    rules,
  );
  return { from, to, flight };
}

describe('Flight', () => {
  it('counts what has not arrived, each text once, and not what was given up', () => {
    const { from, to, flight } = flightOf();
    from.said.push(...['one', 'two', 'three', 'four'].map((text) => said(text)));
    to.arrived.push(said('one'));
    expect(flight.count()).toBe(3);
    to.arrived.push(said('one'), said('two'));
    from.told.set('three', 'unknown');
    expect(flight.count()).toBe(1);
  });

  it('counts each line of a long text', () => {
    const { from, to, flight } = flightOf();
    const text = longText('one', 3, 60);
    from.said.push(said(text));
    expect(flight.count()).toBe(3);
    to.arrived.push(said(text.slice(0, text.indexOf('🧩'))));
    expect(flight.count()).toBe(2);
    from.told.set(text, 'unknown');
    expect(flight.count()).toBe(0);
  });

  it('waits for nothing that need not come any more', () => {
    const { from, flight } = flightOf();
    from.said.push(said('one'), said('two', { what: 'reaction', of: 'one' }));
    expect(flight.count()).toBe(2);
    from.said.push(said(removalOf('one'), { what: 'removal', of: 'one' }));
    expect(flight.count()).toBe(0);
  });

  it('waits for what was taken back where its words are told all the same', () => {
    const { from, to, flight } = flightOf({
      mayStayUnknown: false,
      hidesRemoved: false,
      mayComeLate: false,
    });
    from.said.push(said('one'), said(removalOf('one'), { what: 'removal', of: 'one' }));
    expect(flight.count()).toBe(1);
    to.arrived.push(said('one'));
    expect(flight.count()).toBe(1);
    to.arrived.push(said(removalOf('one'), { what: 'removal', of: 'one' }));
    expect(flight.count()).toBe(0);
  });
});
