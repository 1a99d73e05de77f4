import type { AdapterRegistry } from '../src/config/index.ts';

/** The networks that come along. An adapter is loaded only when a config names it. */
export const networks: AdapterRegistry = {
  gatekeeper: async () => (await import('./gatekeeper/index.ts')).gatekeeper,
  irc: async () => (await import('./irc/index.ts')).irc,
  loopback: async () => (await import('./loopback/index.ts')).loopback,
};
