import { request } from 'undici';
import { type Finding, fail, ok, reasonOf, warn } from './finding.ts';

const PATIENCE_MS = 10_000;
const TOLERATED_MS = 30_000;

/** Whether something answers there by HTTP, and whether its clock and ours agree. */
export async function checkAddress(
  url: string,
  now: () => number = Date.now,
): Promise<readonly Finding[]> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { headers, body } = await request(url, { method: 'HEAD', signal });
    await body.dump();
    return [clock(headers['date'], now())];
  } catch (error) {
    return [
      fail(
        `Nothing answers at homeserver.url ${url} (${codeOf(error)}): start the homeserver, or mend the address`,
      ),
    ];
  }
}

function codeOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return (inner as { code?: string }).code ?? reasonOf(inner);
}

/** By the date in the answer, which has whole seconds. */
function clock(date: string | string[] | undefined, nowMs: number): Finding {
  const theirsMs = Date.parse(typeof date === 'string' ? date : '');
  if (Number.isNaN(theirsMs)) return warn('The homeserver does not say what time it is');
  const apartMs = Math.abs(nowMs - theirsMs);
  return apartMs > TOLERATED_MS
    ? warn(
        `The clocks of the homeserver and of this machine are ${Math.round(apartMs / 1_000)} s apart: let both follow a time server`,
      )
    : ok('The clocks of the homeserver and of this machine agree');
}
