import { describe, expect, it } from 'vitest';
import { frame } from '../../../bench/report/picture.ts';

describe('frame', () => {
  const curves = [
    { name: 'slow', values: [10, 100] },
    { name: 'fast', values: [1, 10] },
  ];

  it('draws one line for each curve, the larger values above', () => {
    const picture = frame([{ title: 'how long', curves, marks: ['50 %', '99 %'] }]);

    const [slow, fast] = [...picture.matchAll(/points="([^"]*)"/g)].map(([, points]) =>
      (points ?? '').split(' ').map((point) => Number(point.split(',')[1])),
    );
    expect(slow?.[0]).toBe(fast?.[1]);
    expect(slow?.[1]).toBeLessThan(slow?.[0] ?? 0);
  });

  it('names every curve and every mark', () => {
    const picture = frame([{ title: 'how long', curves, marks: ['50 %', '99 %'] }]);

    for (const name of ['slow', 'fast', '50 %', '99 %', 'how long'])
      expect(picture).toContain(`>${name}</text>`);
  });
});
