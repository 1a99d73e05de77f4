import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import { MatrixError, type MatrixPort, type SendRequest } from '../../ports/matrix.ts';
import { type Json, object, text } from '../../util/fields.ts';
import { compose } from '../events/compose.ts';
import { markContent } from '../events/mark.ts';
import { understand } from '../events/parse.ts';
import { answered } from './answers.ts';
import { contentJson, isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';
import { newestFirst } from './pages.ts';

/** How many reactions to one message are looked through for our own. */
const MAX_REACTIONS = 2000;

export function messages({
  homeserver,
  bot,
  log,
}: Context): Pick<MatrixPort, 'send' | 'redact' | 'transactionId' | 'event' | 'backwards'> {
  return {
    async send(request) {
      const { type, content } = compose(request.content, request.mark);
      const { roomId, as, txnId } = request;
      const call = {
        ids: [roomId, type, txnId],
        as,
        json: contentJson(endpoints.send, content),
        ...timestamp(request.sentAtMs),
      };
      const answer = await homeserver.request(endpoints.send, call).catch(async (error) => {
        const existing = isErrcode(error, 'M_DUPLICATE_ANNOTATION')
          ? await ownReaction(request)
          : undefined;
        if (existing === undefined) throw error;
        return { event_id: existing };
      });
      return answered(endpoints.send, answer, 'event_id') as MatrixEventId;
    },

    async redact({ roomId, as, txnId, target, reason, mark }) {
      const { redacted_because: because } = await unsignedOf(roomId, target, as);
      if (because !== undefined) return;
      const content = { ...(reason !== undefined && { reason }), ...markContent(mark) };
      const json = contentJson(endpoints.redact, content);
      await homeserver.request(endpoints.redact, { ids: [roomId, target, txnId], as, json });
    },

    async transactionId(roomId, eventId, sender) {
      return text(await unsignedOf(roomId, eventId, sender), 'transaction_id');
    },

    async event(roomId, eventId) {
      return understand(await eventOf(roomId, eventId, bot));
    },

    async *backwards(roomId, as) {
      const call = { ids: [roomId], as };
      for await (const whole of newestFirst(homeserver, endpoints.messages, call)) {
        const event = understand(whole);
        if (event) yield { event, whole };
        else log('warn', 'The homeserver gave what is no event', { roomId });
      }
    },
  };

  /** The same reaction is there already: then it is what was to be sent. */
  async function ownReaction({ roomId, as, content }: SendRequest): Promise<string | undefined> {
    if (content.kind !== 'reaction') return undefined;
    let seen = 0;
    const call = { ids: [roomId, content.target], as };
    for await (const event of newestFirst(homeserver, endpoints.annotations, call)) {
      const key = text(object(object(event, 'content'), 'm.relates_to'), 'key');
      if (text(event, 'sender') === as && key === content.emoji) return text(event, 'event_id');
      if (++seen >= MAX_REACTIONS) break;
    }
    return undefined;
  }

  /** What the homeserver says beside an event. Nothing, where it may not be seen. */
  async function unsignedOf(...of: Parameters<typeof eventOf>): Promise<Json> {
    return object(await eventOf(...of), 'unsigned');
  }

  /** `undefined` where it may not be seen. */
  async function eventOf(
    roomId: MatrixRoomId,
    eventId: MatrixEventId,
    as: MatrixUserId,
  ): Promise<unknown> {
    return homeserver
      .request(endpoints.event, { ids: [roomId, eventId], as })
      .catch((error: unknown) => {
        if (error instanceof MatrixError && error.kind === 'refused') return undefined;
        throw error;
      });
  }
}

/** Synapse refuses what is negative or not whole. */
const timestamp = (sentAtMs: number | undefined) =>
  sentAtMs === undefined || !Number.isFinite(sentAtMs)
    ? {}
    : {
        query: { ts: String(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(sentAtMs)))) },
      };
