import { BridgeError } from '../../adapter/errors.ts';
import type { MessageBody } from '../../model/message-body.ts';
import type { RemoteUserId } from '../../model/remote-ids.ts';
import { MatrixError, type SentFile } from '../../ports/matrix.ts';
import { mediaInWords, mediaName } from '../../util/media-in-words.ts';
import { MustWait } from './must-wait.ts';
import type { RemoteWork } from './work.ts';

/** Where the network does not say how long. */
const UNTOLD_MS = 15_000;

/** What a room can be shown of a part of a message: its file, or words that say why there is none. */
interface Shown {
  readonly body: MessageBody;
  readonly file?: SentFile;
}

/** An event of Matrix carries one file. The first has the text as its caption. */
export function partsOf(body: MessageBody): readonly MessageBody[] {
  const { media = [] } = body;
  if (media.length <= 1) return [body];
  return media.map((file, n) => ({ ...(n === 0 ? body : { text: '' }), media: [file] }));
}

/**
 * Stores the first file of a body with the homeserver, in the name of whoever said it.
 *
 * @throws {MustWait} where it may be had soon, and `MatrixError`.
 */
export async function withFile(
  work: RemoteWork,
  sender: RemoteUserId,
  body: MessageBody,
): Promise<Shown> {
  const [media, ...others] = body.media ?? [];
  if (!media) return { body };
  const { network } = work.portal;
  const ghost = await work.ghosts.exist(network, sender);
  try {
    const url = await work.files(network, media, ghost);
    return url === undefined
      ? { body }
      : { body: { ...body, media: others }, file: { url, media } };
  } catch (error) {
    const why = whyMissing(work, error);
    return { body: mediaInWords(body, (file) => mediaName(file) + (file === media ? why : '')) };
  }
}

/** For people. Rethrown is what may be otherwise later, and what only says that the homeserver is away. */
function whyMissing({ context, portal }: RemoteWork, error: unknown): string {
  const isRefusal = error instanceof MatrixError && error.kind === 'refused';
  if (!(error instanceof BridgeError) && !isRefusal) throw error;
  if (error instanceof BridgeError && error.advice.retry === 'later')
    throw new MustWait('person', {
      reason: `A file cannot be had yet: ${error.message}`,
      waitMs: error.retryAfterMs ?? UNTOLD_MS,
      cause: error,
    });
  const about = { network: portal.network, portal: portal.id, error: String(error) };
  context.log('warn', 'A file of a network is missing in a room, which is told so', about);
  return `, which is missing here: ${isRefusal ? refusal(error) : failure(error as BridgeError)}`;
}

const refusal = ({ errcode }: MatrixError) =>
  errcode === 'M_TOO_LARGE'
    ? 'it is larger than this homeserver takes'
    : 'this homeserver does not take it';

const failure = ({ code, words }: BridgeError) =>
  words ?? (code === 'too_large' ? 'it is too large' : 'it could not be fetched');
