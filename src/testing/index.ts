/** The public test kit, for the authors of adapters and of stores. It needs vitest. */

export { type AdapterFault, type AdapterFixture, adapterContract } from './adapter-contract.ts';
export * from './fake-clock.ts';
export * from './memory-host.ts';
export { type OpenedStorage, storeContract } from './store-contract.ts';
