import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NetworkAdapter } from '../adapter/network.ts';
import { nearestName } from '../util/nearest-name.ts';
import { resolvePackage } from './resolve-package.ts';

/** The adapters that come along, by the name a config gives them. Each is loaded when it is named. */
export type AdapterRegistry = Readonly<Record<string, () => Promise<NetworkAdapter>>>;

/** An adapter that a config names cannot be had. Says what to do. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
}

/**
 * Loads an adapter: one of the registry, else the npm package of that name beside the config.
 *
 * @throws {AdapterError} when there is none, or when the package exports none.
 */
export async function loadAdapter(
  name: string,
  from: { readonly adapters: AdapterRegistry; readonly configPath: string },
): Promise<NetworkAdapter> {
  const own = Object.hasOwn(from.adapters, name) ? from.adapters[name] : undefined;
  if (own) return own();
  const file = resolvePackage(name, createRequire(from.configPath));
  if (file === undefined) throw new AdapterError(missing(name, from));
  let module: { readonly adapter?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new AdapterError(`the package ${name} cannot be loaded: ${text(error)}`, {
      cause: error,
    });
  }
  return adapterOf(name, module);
}

function missing(name: string, { adapters, configPath }: Parameters<typeof loadAdapter>[1]) {
  const known = Object.keys(adapters);
  const near = nearestName(name, known);
  const hint = near ? `did you mean ${near}? Or ` : '';
  return (
    `there is no adapter "${name}" (those that come along: ${known.join(', ') || 'none'}); ${hint}` +
    `install it with \`npm install ${name}\` in ${dirname(configPath)}`
  );
}

function adapterOf(name: string, module: { readonly adapter?: unknown }): NetworkAdapter {
  if (isAdapter(module.adapter)) return module.adapter;
  const found = [...new Set(Object.values(module))].filter(isAdapter);
  if (found.length === 1 && found[0]) return found[0];
  throw new AdapterError(
    found.length === 0
      ? `the package ${name} exports no adapter: it needs an export named "adapter" with id, displayName, config (a zod 4 schema), voices and open`
      : `the package ${name} exports ${found.length} adapters: one of them must be named "adapter"`,
  );
}

function isAdapter(value: unknown): value is NetworkAdapter {
  if (typeof value !== 'object' || value === null) return false;
  const { id, displayName, config, voices, open } = value as Record<string, unknown>;
  const named = typeof id === 'string' && typeof displayName === 'string';
  const isSchema = typeof config === 'object' && config !== null && '_zod' in config;
  return named && isSchema && Array.isArray(voices) && typeof open === 'function';
}

const text = (error: unknown) => (error instanceof Error ? error.message : String(error));
