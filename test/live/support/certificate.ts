import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../servers/run.ts';
import { temporaryDir } from './temporary-dir.ts';

/** A key and its certificate, good for this machine and the given names, as PEM files. */
export async function makeCertificate(
  ...names: readonly string[]
): Promise<{ readonly key: string; readonly cert: string }> {
  const alternatives = ['IP:127.0.0.1', 'DNS:localhost', ...names.map((name) => `DNS:${name}`)];
  const dir = await temporaryDir('certificate');
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '2', '-subj', '/CN=localhost', '-addext', `subjectAltName=${alternatives}`],
    ...['-keyout', key, '-out', cert],
  ]);
  return { key, cert };
}

/** SHA-256 of the certificate itself, in hexadecimal digits. */
export async function fingerprintOf(cert: string): Promise<string> {
  const { raw } = new X509Certificate(await readFile(cert));
  return createHash('sha256').update(raw).digest('hex');
}
