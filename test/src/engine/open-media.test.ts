import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openMedia } from '../../../src/engine/open-media.ts';
import { mediaRef } from '../../../src/model/remote-ids.ts';
import { MatrixError, type MatrixPort, type OpenFile } from '../../../src/ports/matrix.ts';

const opening = (open: () => Promise<OpenFile>) =>
  openMedia(
    { openMedia: open } as Partial<MatrixPort> as MatrixPort,
    mediaRef('mxc://a/b'),
    AbortSignal.timeout(9_000),
  );

const failing = (kind: MatrixError['kind']) =>
  new MatrixError(kind, 'no', { endpoint: 'x', retryAfterMs: 5 });

describe('openMedia', () => {
  it.each([
    ['refused', { code: 'not_allowed', words: 'the file cannot be had' }],
    ['away', { code: 'unreachable', retryAfterMs: 5 }],
    ['ambiguous', { code: 'unreachable' }],
  ] as const)('fails as networks do where the homeserver is %s', async (kind, failure) => {
    const expected = { name: 'BridgeError', effect: 'none', ...failure };
    await expect(opening(() => Promise.reject(failing(kind)))).rejects.toMatchObject(expected);

    async function* broken() {
      yield Buffer.from('a');
      throw failing(kind);
    }
    const opened = await opening(async () => ({ bytes: broken() }));
    await expect(buffer(opened)).rejects.toMatchObject(expected);
  });
});
