import { seeded } from '../../src/testing/seeded.ts';

/** Choices that are the same for the same seed. */
export class Chance {
  /** From 0 up to, but not, 1. */
  readonly fraction: () => number;

  constructor(seed: number) {
    this.fraction = seeded(seed);
  }

  between(from: number, to: number): number {
    return from + this.fraction() * (to - from);
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  one<T>(of: readonly T[]): T {
    const chosen = of[Math.floor(this.fraction() * of.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }
}
