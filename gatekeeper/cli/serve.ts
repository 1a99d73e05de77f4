import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { addLocalUser } from '../admin/users.ts';
import { startMetrics } from '../metrics.ts';
import { trialNet } from '../net/trial-net.ts';
import type { Faults } from '../server/faults.ts';
import { type Gatekeeper, startGatekeeper } from '../server/start.ts';
import { selfMade, type TlsFiles } from '../tls/self-made.ts';
import type { Folder, Io } from './with-admin.ts';

export interface ServeOptions extends Folder {
  readonly host: string;
  readonly port: number;
  readonly origin?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly metricsPort?: number;
  readonly faults?: Faults;
  readonly here?: readonly string[];
  readonly trial?: true;
}

/** Listens until it is told to stop. Its log tells who called what and how it was answered, and never what was said. */
export async function serve(options: ServeOptions, io: Io): Promise<void> {
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const log = pino(
    { base: null },
    pino.destination({ dest: join(options.data, 'audit.log'), sync: false, mode: 0o600 }),
  );
  const metrics = await startMetrics(options.metricsPort);
  const gatekeeper = await startGatekeeper({
    ...options,
    folder: options.data,
    tls: tlsOf(options),
    ...(options.here && { net: trialNet(options.here) }),
    onAnswer(answered) {
      log.info(answered);
      metrics.answered(answered);
    },
    onError(error) {
      log.error(error);
      io.err(
        `gatekeeper: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    },
    sendCode: (visibleId, code) =>
      appendFileSync(join(options.data, 'codes.txt'), `${visibleId} ${code}\n`, { mode: 0o600 }),
  });
  metrics.watch(gatekeeper);
  if (options.trial === true) await addTrialUsers(gatekeeper, options.domain);
  sayWhatNext(gatekeeper, options, io);
  await stopSignal();
  await gatekeeper.close();
  await metrics.close();
  log.flush();
}

function tlsOf({ data, cert, key, host }: ServeOptions): TlsFiles {
  if ((cert === undefined) !== (key === undefined))
    throw new Error('--cert and --key belong together');
  if (cert !== undefined && key !== undefined)
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  const [certPath, keyPath] = [join(data, 'test-cert.pem'), join(data, 'test-key.pem')];
  if (!existsSync(certPath) || !existsSync(keyPath)) {
    const made = selfMade(['localhost', '127.0.0.1', host], Date.now());
    writeFileSync(keyPath, made.key, { mode: 0o600 });
    writeFileSync(certPath, made.cert);
  }
  return { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
}

async function addTrialUsers({ store, context }: Gatekeeper, domain: string): Promise<void> {
  for (const name of ['alice', 'anna'])
    if (store.users.byId(0, `${name}@${domain}`) === undefined)
      await addLocalUser(context, { name, domain, password: name });
}

function sayWhatNext(
  { origin }: Gatekeeper,
  { data, domain, cert, trial }: ServeOptions,
  io: Io,
): void {
  io.out(`AliceChat (${domain}) listens at ${origin}/gia/v1`);
  if (cert === undefined) io.out(`Whoever calls it has to trust ${join(data, 'test-cert.pem')}`);
  if (trial === true)
    io.out('Its users are alice and anna; their passwords are their names: never on a network');
  io.out(
    'A provider asks by POST /provider-requests, see docs/gia/README.md. Then, in another terminal:',
  );
  io.out(`  node dist/gatekeeper/main.js --data ${data} provider list`);
  io.out(`  node dist/gatekeeper/main.js --data ${data} provider approve DOMAIN`);
}

async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
}
