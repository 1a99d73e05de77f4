import { describe, expect, it } from 'vitest';
import { billsOf, chosen, type Trial, trialName } from './plan.ts';

const trial = (scene: string, nth: number, certainty: Trial['certainty'] = 'echoes'): Trial => ({
  ...{ certainty, scene },
  moments: [{ point: 'a.b', nth, when: 'after' }],
});

const names = (trials: readonly Trial[]) =>
  billsOf(trials).map((bill) =>
    bill.trials.map(({ scene, moments }) => `${scene}${moments[0]?.nth}`),
  );

describe('billsOf', () => {
  it('puts trials into as few plays as their scenes allow, each of them once', () => {
    expect(
      names([trial('x', 1), trial('x', 2), trial('y', 1), trial('x', 3), trial('y', 2)]),
    ).toEqual([['x1', 'y1'], ['x2', 'y2'], ['x3']]);
  });

  it('mixes no certainties', () => {
    expect(
      billsOf([trial('x', 1), trial('y', 1, 'nothing')]).map((bill) => bill.certainty),
    ).toEqual(['echoes', 'nothing']);
  });
});

describe('chosen', () => {
  const all = ['x', 'x', 'x', 'y', 'z'].map((scene, n) => trial(scene, n));
  const scenes = (sample: number, seed: number) =>
    chosen(all, { sample, seed })
      .map(({ scene }) => scene)
      .toSorted();

  it('of a sample is one of each scene before any second', () => {
    for (let seed = 0; seed < 20; seed++) expect(scenes(3, seed)).toEqual(['x', 'y', 'z']);
  });

  it('is the same for the same seed, and all where that many are wanted', () => {
    expect(chosen(all, { sample: 4, seed: 7 })).toEqual(chosen(all, { sample: 4, seed: 7 }));
    expect(scenes(9, 1)).toEqual(['x', 'x', 'x', 'y', 'z']);
  });

  it('is everything once over all parts', () => {
    const part = (nth: number) => chosen(all, { part: { nth, of: 2 }, seed: 0 });
    expect([...part(1), ...part(2)].map(trialName).toSorted()).toEqual(
      all.map(trialName).toSorted(),
    );
  });

  it('has a text in its name', () => {
    expect(chosen(all, { only: ': y:', seed: 0 })).toEqual([all[3]]);
  });
});

describe('trialName', () => {
  it('tells one trial from any other', () => {
    const [moment] = trial('x', 1).moments;
    expect(trialName({ ...trial('x', 1), moments: [moment!, { ...moment!, nth: 2 }] })).toBe(
      'echoes: x: after a.b#1, then after a.b#2',
    );
  });
});
