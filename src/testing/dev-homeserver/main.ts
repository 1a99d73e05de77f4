import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startDevHomeserver } from './index.ts';

/** The homeserver as a process of its own: prints one line of JSON once it listens. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    dir: { type: 'string' },
    'server-name': { type: 'string' },
    registration: { type: 'string', multiple: true, default: [] },
    'allow-origin': { type: 'string' },
    'retry-base-ms': { type: 'string' },
    control: { type: 'boolean', default: false },
    'loses-queue': { type: 'boolean', default: false },
    'max-upload-bytes': { type: 'string' },
  },
});

const serverName = values['server-name'];
if (serverName === undefined) {
  console.error(
    '--server-name is missing: what comes after the colon of user ids, such as hs.test',
  );
  process.exit(2);
}

const homeserver = await startDevHomeserver({
  serverName,
  port: Number(values.port),
  control: values.control,
  losesQueue: values['loses-queue'],
  registrations: values.registration.map((file) => readFileSync(file, 'utf8')),
  ...(values.dir !== undefined && { dir: values.dir }),
  ...(values['allow-origin'] !== undefined && { allowOrigin: values['allow-origin'] }),
  ...(values['retry-base-ms'] !== undefined && { retryBaseMs: Number(values['retry-base-ms']) }),
  ...(values['max-upload-bytes'] !== undefined && {
    maxUploadBytes: Number(values['max-upload-bytes']),
  }),
  log: (line) => console.error(line),
});
process.once('SIGTERM', () => {
  void homeserver.close().then(() => process.exit(0));
});
console.log(JSON.stringify({ url: homeserver.url }));
