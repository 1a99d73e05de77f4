import { describe, expect, it } from 'vitest';
import { growthPicture } from '../../../bench/report/growth-picture.ts';
import type { Run } from '../../../bench/runner.ts';

const run = (work: string, matrixCpuMs: number): Run => ({
  ...{ work, subject: 'drawbridge', number: 0, otherCores: 0 },
  figures: { matrixCpuMs, remoteCpuMs: matrixCpuMs / 2 },
});

describe('growthPicture', () => {
  it('has a panel for what grew, with the sizes that were measured', () => {
    const picture = growthPicture([run('growth-links-1000', 200), run('growth-links-100000', 220)]);
    expect(picture).toContain('by links');
    expect(picture).toContain('>100,000<');
    expect(picture).not.toContain('by portals');
    expect(picture).not.toContain('>10,000<');
    expect(picture.match(/<polyline/g)).toHaveLength(2);
  });
});
