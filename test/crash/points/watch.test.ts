import { describe, expect, it } from 'vitest';
import { Calls, type Moment } from './calls.ts';
import { type Rules, watch } from './watch.ts';

const things = () => ({
  name: 'it',
  absent: undefined as (() => void) | undefined,
  now: () => 1,
  later: async (value: number) => value + 1,
  fails: async () => Promise.reject(new Error('no')),
  async *each() {
    yield* [1, 2];
  },
  open: async (host: { emit(kind: string): string }) => ({
    say: (text: string) => host.emit(text),
  }),
  on: { send: () => 'sent' },
  quiet: () => 'quiet',
});

function watched(moment?: Moment) {
  const ended: string[] = [];
  const calls = new Calls(moment, () => void ended.push('ended'));
  const rules: Rules = {
    watcher: calls,
    ignored: new Set(['it.quiet']),
    detail: { 'host.emit': (kind: string) => kind },
    inside: { 'it.open': 'session', 'it.on': 'on' },
    given: { 'it.open': 'host' },
  };
  return { it: watch(things(), 'it', rules), calls, ended };
}

describe('watch', () => {
  it('changes nothing of what is called, and tells of each call', async () => {
    const { it: thing, calls } = watched();
    expect([thing.name, thing.absent, thing.now(), await thing.later(1)]).toEqual([
      'it',
      undefined,
      1,
      2,
    ]);
    await expect(thing.fails()).rejects.toThrow('no');
    const all: number[] = [];
    for await (const one of thing.each()) all.push(one);
    expect(all).toEqual([1, 2]);
    expect([thing.now(), thing.quiet()]).toEqual([1, 'quiet']);
    expect(calls.turn(undefined)).toEqual({
      'it.now': 2,
      'it.later': 1,
      'it.fails': 1,
      'it.each': 1,
    });
  });

  it('watches what a method gives and is given, and what a field holds', async () => {
    const { it: thing, calls } = watched();
    const session = await thing.open({ emit: (kind) => `heard ${kind}` });
    expect([session.say('hello'), thing.on.send()]).toEqual(['heard hello', 'sent']);
    expect(calls.turn(undefined)).toEqual({
      'it.open': 1,
      'session.say': 1,
      'host.emit(hello)': 1,
      'on.send': 1,
    });
  });
});

describe('Calls', () => {
  it('ends before the call that it is told, before it has any effect', () => {
    const { it: thing, ended } = watched({ point: 'it.now', nth: 2, when: 'before' });
    thing.now();
    expect(ended).toEqual([]);
    thing.now();
    thing.now();
    expect(ended).toEqual(['ended']);
  });

  it('ends after it, once it has ended, also where it failed', async () => {
    const later = watched({ point: 'it.later', nth: 1, when: 'after' });
    const call = later.it.later(1);
    expect(later.ended).toEqual([]);
    await call;
    expect(later.ended).toEqual(['ended']);
    const failing = watched({ point: 'it.fails', nth: 1, when: 'after' });
    await failing.it.fails().catch(() => {});
    expect(failing.ended).toEqual(['ended']);
  });

  it('counts anew from turn to turn, up to another moment', () => {
    const { it: thing, calls, ended } = watched({ point: 'it.now', nth: 2, when: 'before' });
    thing.now();
    expect(calls.turn({ point: 'it.now', nth: 1, when: 'after' })).toEqual({ 'it.now': 1 });
    expect(ended).toEqual([]);
    thing.now();
    expect(ended).toEqual(['ended']);
    expect(calls.turn(undefined)).toEqual({ 'it.now': 1 });
  });

  it('is at rest once no call is under way', async () => {
    const { it: thing, calls } = watched();
    const each = thing.each();
    await each.next();
    let isAtRest = false;
    const rest = calls.rest().then(() => {
      isAtRest = true;
    });
    await thing.later(1);
    expect(isAtRest).toBe(false);
    await each.return(undefined);
    await rest;
  });

  it('ends after the last of what comes one by one', async () => {
    const { it: thing, ended } = watched({ point: 'it.each', nth: 1, when: 'after' });
    for await (const _ of thing.each()) expect(ended).toEqual([]);
    expect(ended).toEqual(['ended']);
  });
});
