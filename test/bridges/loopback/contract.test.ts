import { describe } from 'vitest';
import { adapterContract } from '../../../src/testing/index.ts';
import { faults, loopbackFixture } from '../../src/testing/adapter-contract/loopback-fixture.ts';

const certainties = ['drops-repeats', 'echoes', 'look-up', 'nothing'] as const;

describe.each(certainties)('loopback on a network of certainty %s', (certainty) => {
  adapterContract(() => loopbackFixture(certainty), { faults: Object.keys(faults) });
});

describe.each(['login', 'relay'] as const)('loopback with the voice %s', (voice) => {
  adapterContract(async () => ({ ...(await loopbackFixture('drops-repeats')), voice }));
});
