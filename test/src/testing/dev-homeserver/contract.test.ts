import { describe } from 'vitest';
import { startDevHomeserver } from '../../../../src/testing/dev-homeserver/index.ts';
import { homeserverContract } from '../../../homeserver-contract/index.ts';

const FIRST_PAUSE_MS = 1_000;

describe('startDevHomeserver', () => {
  homeserverContract(async (registrations) => {
    const homeserver = await startDevHomeserver({
      serverName: 'hs.test',
      registrations,
      retryBaseMs: FIRST_PAUSE_MS,
    });
    return {
      url: homeserver.url,
      firstPauseMs: FIRST_PAUSE_MS,
      askTooMuch: (who) => {
        homeserver.misbehave({ is: 'rate-limit', retryAfterMs: 1_234 });
        return who.get('/account/whoami');
      },
      restart: async () => {
        await homeserver.stop();
        await homeserver.start();
      },
      close: () => homeserver.close(),
    };
  });
});
