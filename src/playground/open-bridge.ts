import { newRegistration, printRegistration } from '../matrix/registration.ts';
import { BridgeProcess, type BridgeStanding } from './bridge-process.ts';
import { NETWORK, PREFIX, SERVER_NAME } from './scene.ts';
import { bridgeUrl, configFile, writeRegistration } from './write-config.ts';

const HEALTH_MS = 2000;

/** The registration of the playground's bridge, made at the first start. Gives its text. */
export function openRegistration(dir: string, port: number, adapter: string): string {
  const url = bridgeUrl(port);
  return writeRegistration(dir, url, () =>
    printRegistration(
      newRegistration({
        ...{ id: 'drawbridge-playground', url, prefix: PREFIX, serverName: SERVER_NAME },
        networks: [NETWORK],
        protocols: [adapter],
      }),
    ),
  );
}

/** The real bridge, with the playground's config. Not started yet. */
export function openBridge(options: {
  readonly dir: string;
  readonly executable: string;
  readonly port: number;
  readonly onChange: (standing: BridgeStanding) => void;
}): BridgeProcess {
  const { dir, executable, port, onChange } = options;
  return new BridgeProcess({
    executable,
    args: ['run', '--config', configFile(dir)],
    dir,
    onChange,
    isReady: async (signal) => {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(HEALTH_MS)]);
      const response = await fetch(`${bridgeUrl(port)}/health`, { signal: patience });
      return response.ok;
    },
  });
}
