import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { NetworkAdapter } from '#adapter';
import { type AdapterRegistry, ConfigError, loadConfig } from '../../../src/config/index.ts';

/** An adapter that has options of every kind and opens nothing. */
export const chat: NetworkAdapter = {
  id: 'chat',
  displayName: 'Chat',
  config: z.strictObject({
    host: z
      .string()
      .min(1)
      .describe('Server name')
      .meta({ examples: ['chat.example.org'] }),
    port: z.int().min(1).max(65_535).default(6697).describe('Its port'),
    tls: z.boolean().default(true).describe('Over TLS'),
    sasl: z
      .strictObject({
        account: z
          .string()
          .describe('Name of the account')
          .meta({ examples: ['bob'] }),
        password: z
          .string()
          .min(8)
          .describe('Its password')
          .meta({ secret: true, examples: ['correct horse'] }),
      })
      .optional()
      .describe('An account to log in with'),
    ignore: z.array(z.string()).default([]).describe('Whom not to bridge'),
  }),
  voices: ['enlisted', 'relay'],
  open: () => Promise.reject(new Error('It is never opened here')),
};

export const registry: AdapterRegistry = { chat: async () => chat };

export async function folderWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

export const smallest = `homeserver:
  url: http://127.0.0.1:8008
  serverName: example.org
bridge:
  url: http://127.0.0.1:9993
networks:
  chat:
    adapter: chat
    options:
      host: chat.example.org
`;

export async function load(text: string, env: Readonly<Record<string, string>> = {}) {
  const folder = await folderWith({ 'config.yaml': text });
  return loadConfig(join(folder, 'config.yaml'), { adapters: registry, env });
}

/** Every line that is said about a config that cannot be used. */
export async function complaints(text: string, env: Readonly<Record<string, string>> = {}) {
  const error: unknown = await load(text, env).then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof ConfigError)) throw error ?? new Error('It was accepted');
  return error.message.split('\n');
}
