import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseDocument, stringify } from 'yaml';
import { CHAT, NETWORK, PREFIX, ROOM_ALIAS, SERVER_NAME } from './scene.ts';

/** Where the parts of this run are, and what links them. */
export interface Wiring {
  readonly homeserverUrl: string;
  readonly networkUrl: string;
  readonly bridgePort: number;
  readonly adapter: string;
  readonly botToken: string;
}

const LISTEN = '127.0.0.1';

export const configFile = (dir: string) => join(dir, 'config.yaml');
export const registrationFile = (dir: string) => join(dir, 'registration.local.yaml');
export const bridgeUrl = (port: number) => `http://${LISTEN}:${port}`;

const head = `# The config of the playground's bridge, as real as any other. Ports and tokens are brought up to
# date at each start of the playground; all else that you change here stays.
`;

/**
 * Writes the config, or brings the one that is there up to date: ports may be others today.
 *
 * @throws when the file that is there is no YAML of the right shape.
 */
export function writeConfig(dir: string, wiring: Wiring): void {
  const path = configFile(dir);
  if (!existsSync(path)) {
    writeFileSync(path, head + stringify(freshConfig(wiring)), { mode: 0o600 });
    return;
  }
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0 || !isMap(document.contents))
    throw new Error(
      `${path} cannot be read: ${document.errors[0]?.message ?? 'it is no YAML map'}\nMend it, or delete it: then it is written anew.`,
    );
  for (const [at, value] of wiredKeys(wiring)) document.setIn(at, value);
  writeFileSync(path, document.toString(), { mode: 0o600 });
}

function freshConfig({ adapter, ...wiring }: Wiring): object {
  return {
    homeserver: { url: wiring.homeserverUrl, serverName: SERVER_NAME },
    bridge: {
      url: bridgeUrl(wiring.bridgePort),
      listen: { host: LISTEN, port: wiring.bridgePort },
      prefix: PREFIX,
      registrationFile: './registration.local.yaml',
      dataDir: './bridge',
      permissions: { '*': 'use' },
      statusEvents: true,
      // Nobody reads it there but who writes it.
      privacyNotice: '',
    },
    networks: {
      [NETWORK]: {
        adapter,
        displayName: 'Loopback',
        portals: [{ chat: `#${CHAT}`, room: ROOM_ALIAS }],
        options: { url: wiring.networkUrl, botToken: wiring.botToken },
      },
    },
  };
}

function wiredKeys(wiring: Wiring): readonly (readonly [readonly string[], unknown])[] {
  return [
    [['homeserver', 'url'], wiring.homeserverUrl],
    [['bridge', 'url'], bridgeUrl(wiring.bridgePort)],
    [['bridge', 'listen', 'port'], wiring.bridgePort],
    [['networks', NETWORK, 'options', 'url'], wiring.networkUrl],
    [['networks', NETWORK, 'options', 'botToken'], wiring.botToken],
  ];
}

/** The registration that is there, with the bridge's address of today; else the fresh one. Gives its text. */
export function writeRegistration(dir: string, url: string, fresh: () => string): string {
  const path = registrationFile(dir);
  if (!existsSync(path)) {
    const text = `${fresh().trimEnd()}\n`;
    writeFileSync(path, text, { mode: 0o600 });
    return text;
  }
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0 || !isMap(document.contents))
    throw new Error(`${path} is damaged. Delete it: then it is written anew.`);
  document.set('url', url);
  const text = document.toString();
  writeFileSync(path, text, { mode: 0o600 });
  return text;
}
