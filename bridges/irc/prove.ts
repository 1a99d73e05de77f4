import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeError, type Voice } from '#adapter';
import { dialAsEnlisted, failureFrom, type Site } from './dial.ts';
import { accountOn, identify } from './identify.ts';
import type { OwnAccount } from './own-account.ts';
import { Closed, Connection } from './wire/connection.ts';

/**
 * Where the network took no proof before it let us in: tells NickServ the password, and asks the network
 * whether it knows us then. @throws {Closed} `account` when it does not, `lost` when nobody could say.
 */
export async function proveLate(
  connection: Connection,
  account: OwnAccount,
  { site, signal }: { readonly site: Site; readonly signal: AbortSignal },
): Promise<void> {
  if (connection.has('sasl')) return;
  const { config, clock } = site;
  const asking = { nickServ: config.nickServ, clock, signal };
  const said = await identify(connection, account, asking);
  if ((await accountOn(connection, signal)) !== undefined) return;
  if (said === undefined && account.password !== undefined)
    throw new Closed('lost', `${config.nickServ} does not answer`);
  throw new Closed('account', said ?? 'the network does not know this certificate');
}

/**
 * Tries an account on a connection of its own before it is kept. @returns what the network calls it.
 *
 * @throws {BridgeError} `not_allowed` with the network's words when it is not believed.
 */
export async function tryAccount(
  site: Site,
  { id, speaker }: Voice,
  account: OwnAccount,
  { nickLength, signal }: { readonly nickLength: number; readonly signal: AbortSignal },
): Promise<string> {
  if (!speaker) throw new BridgeError('protocol', 'A login of nobody', { effect: 'none' });
  let connection: Connection | undefined;
  try {
    for (let ms = site.turns.take(id); ms > 0; ms = site.turns.take(id))
      await sleep(ms, undefined, { signal });
    const dial = dialAsEnlisted(site, speaker, { nick: undefined, nickLength, account });
    connection = await Connection.open({ ...dial, heard: () => {} }, signal);
    await proveLate(connection, account, { site, signal });
    return (await accountOn(connection, signal)) ?? account.name;
  } catch (error) {
    if (!(error instanceof Closed) || error.as !== 'account')
      throw failureFrom(error, 'An account cannot be tried');
    const words = error.message;
    throw new BridgeError('not_allowed', words, { effect: 'none', words, cause: error });
  } finally {
    await connection?.quit('Leaving');
  }
}
