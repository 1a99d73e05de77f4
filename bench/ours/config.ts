import { join } from 'node:path';
import type { BridgeConfig } from '../../src/config/index.ts';
import { newRegistration } from '../../src/matrix/registration.ts';
import { AS_TOKEN, HS_TOKEN, NETWORK, PREFIX, SERVER, type Wiring } from '../wiring.ts';

/** As an operator would have it: nothing is turned off, and the log is at its default. */
export const configOf = (wiring: Wiring): BridgeConfig => ({
  path: join(wiring.dataDir, 'config.yaml'),
  homeserver: { url: wiring.homeserverUrl, serverName: SERVER },
  bridge: {
    url: `http://127.0.0.1:${wiring.listenPort}`,
    listen: { host: '127.0.0.1', port: wiring.listenPort },
    prefix: PREFIX,
    botDisplayName: 'Bench',
    registrationFile: join(wiring.dataDir, 'registration.local.yaml'),
    dataDir: wiring.dataDir,
    permissions: { '*': 'relay' },
    statusEvents: false,
    policyRooms: [],
    drainMs: 60_000,
    userRate: { burst: 100, perSecond: 10 },
    privacyNotice: '',
    privacyNoticeTo: 'rooms',
    publishedDays: 7,
    deadLetterDays: 7,
    maxAgeMs: 3_600_000,
  },
  log: { level: 'info', format: 'pretty' },
  networks: {
    [NETWORK]: {
      adapter: NETWORK,
      displayName: 'Null',
      command: '!null',
      voices: ['relay'],
      idleCloseMs: 3_600_000,
      // Counted as for an operator. One person here says what a whole network does.
      userRate: { burst: 1_000_000, perSecond: 1_000_000 },
      portals: [],
      options: { port: wiring.networkPort },
    },
  },
  secrets: {},
});

export const registrationOf = (wiring: Wiring) => ({
  ...newRegistration({
    id: 'bench',
    url: `http://127.0.0.1:${wiring.listenPort}`,
    prefix: PREFIX,
    serverName: SERVER,
    networks: [NETWORK],
    protocols: ['null'],
  }),
  asToken: AS_TOKEN,
  hsToken: HS_TOKEN,
});
