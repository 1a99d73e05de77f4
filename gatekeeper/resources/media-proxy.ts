import { Transform } from 'node:stream';
import { request } from 'undici';
import { limits } from '#gia/schemas';
import { guardedUrl, NotAllowedError } from '../net/guarded-agent.ts';
import type { Context } from '../server/context.ts';
import type { Handlers, Reply } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import type { Store } from '../store/index.ts';

/** What of an answer is passed on. */
const passedOn = ['content-length', 'content-range', 'accept-ranges', 'etag'] as const;

/**
 * Fetches a file from where a provider keeps it, so that its host does not learn who reads it. It cannot be turned inwards: only
 * domains that were agreed on, only https, only addresses of the internet, no redirects.
 */
export function mediaProxy({ store, agent }: Context): Handlers<'proxyMedia'> {
  return {
    async proxyMedia({ query, range }) {
      const url = guardedUrl(query.u);
      if (url === undefined || !isAgreed(store, url.hostname))
        return refuse(
          'media_domain_not_allowed',
          'u: has to be an https URL on a media domain of a provider',
        );
      const answer = await request(url, {
        dispatcher: agent,
        headers: range === undefined ? {} : { range },
      }).catch(explain);
      return passed(answer);
    },
  };
}

const isAgreed = (store: Store, host: string): boolean =>
  store.providers
    .all()
    .some(({ state, request }) => state === 'operational' && request.media_domains.includes(host));

function explain(error: unknown): never {
  if (error instanceof NotAllowedError) refuse('media_domain_not_allowed', `u: ${error.message}`);
  return refuse('unavailable', 'The host of the file does not answer');
}

type Fetched = Awaited<ReturnType<typeof request>>;

function passed({ statusCode, headers, body }: Fetched): Reply<'proxyMedia'> {
  if (statusCode !== 200 && statusCode !== 206) {
    body.destroy();
    body.on('error', () => {});
    refuseStatus(statusCode);
  }
  if (Number(headers['content-length'] ?? 0) > limits.mediaBytes) {
    body.on('error', () => {});
    body.destroy();
    refuse('payload_too_large', `A file has at most ${limits.mediaBytes} bytes here`);
  }
  const kept = passedOn.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const capped = body.pipe(capAt(limits.mediaBytes));
  body.once('error', (error) => capped.destroy(error));
  capped.once('close', () => body.destroy());
  return {
    status: statusCode === 206 ? 206 : 200,
    headers: { ...Object.fromEntries(kept), 'Content-Type': 'application/octet-stream' },
    body: capped,
  };
}

function refuseStatus(status: number): never {
  if (status >= 300 && status < 400)
    refuse('media_domain_not_allowed', 'u: the host redirects, which is not followed');
  if (status === 404 || status === 410) refuse('not_found', 'The host does not have the file');
  refuse('unavailable', `The host of the file answered ${status}`);
}

/** Breaks off what is larger than it said. */
function capAt(maxBytes: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) done(new Error('The file is too large'));
      else done(null, chunk);
    },
  });
}
