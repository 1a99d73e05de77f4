import { BridgeError } from '../adapter/errors.ts';
import type { Network } from '../adapter/network.ts';
import { CannotShow, type Shown } from '../ports/appservice.ts';
import type { OpenFile } from '../ports/matrix.ts';
import type { Context } from './context.ts';

/** Where the world finds what a network serves. `undefined`: the world cannot reach the bridge. */
export const servedUnder = (
  { publishing }: Pick<Context, 'publishing'>,
  network: string,
): string | undefined => publishing && `${publishing.url}/at/${network}/`;

/**
 * What a network serves under a path. An unknown network has as little as one that serves nothing there.
 *
 * @throws {CannotShow}, also as it is opened.
 */
export async function servedAt(
  context: Context,
  networks: { get(id: string): Network },
  { network, path }: { readonly network: string; readonly path: string },
): Promise<Shown | undefined> {
  const isConfigured = context.networks.some(({ id }) => id === network);
  if (!context.publishing || !isConfigured) return undefined;
  return inItsTerms(async () => {
    const served = await networks.get(network).serve?.(path);
    if (!served) return undefined;
    const { mimeType, sizeBytes, open } = served;
    const opened = async (signal: AbortSignal): Promise<OpenFile> => ({
      bytes: await inItsTerms(() => open(signal)),
      ...(sizeBytes !== undefined && { sizeBytes }),
    });
    return { file: { as: 'file', mimeType }, open: opened };
  });
}

async function inItsTerms<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    throw new CannotShow(error.message, error.advice.retry === 'later', { cause: error });
  }
}
