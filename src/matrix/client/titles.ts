import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MatrixPort, TitlePart } from '../../ports/matrix.ts';
import { field, isObject, type Json, text } from '../../util/fields.ts';
import { wellFormed } from '../../util/well-formed.ts';
import { markContent } from '../events/mark.ts';
import { contentJson, isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';

type Titles = Pick<MatrixPort, 'title' | 'setTitle' | 'setRoomInfo'>;

/** What a room is called, and what it is about. */
export function titles({ homeserver, bot }: Context): Titles {
  const at = (roomId: MatrixRoomId, part: TitlePart) => [roomId, `m.room.${part}`, ''];

  /** The whole event where the homeserver gives it, else its content. */
  async function read(roomId: MatrixRoomId, part: TitlePart): Promise<unknown> {
    const asked = { ids: at(roomId, part), as: bot, query: { format: 'event' } };
    return homeserver.request(endpoints.state, asked).catch((error: unknown) => {
      if (isErrcode(error, 'M_NOT_FOUND')) return undefined;
      throw error;
    });
  }

  const title: Titles['title'] = async (roomId, part) => {
    const answer = await read(roomId, part);
    const content = field(answer, 'content');
    const said = text(isObject(content) ? content : answer, part) ?? '';
    const id = text(answer, 'event_id') as MatrixEventId | undefined;
    const sender = text(answer, 'sender') as MatrixUserId | undefined;
    return { text: said, ...(id && sender && { by: { id, sender } }) };
  };

  async function write(
    roomId: MatrixRoomId,
    part: TitlePart,
    { as, content }: { readonly as: MatrixUserId; readonly content: Json },
  ): Promise<void> {
    const json = contentJson(endpoints.setState, content);
    await homeserver.request(endpoints.setState, { ids: at(roomId, part), as, json });
  }

  return {
    title,
    setTitle: ({ roomId, as, part, text: said, mark }) =>
      write(roomId, part, { as, content: { [part]: said, ...markContent(mark) } }),
    async setRoomInfo(roomId, info) {
      for (const part of ['name', 'topic'] as const) {
        const said = info[part];
        if (said === undefined || (await title(roomId, part)).text === wellFormed(said)) continue;
        await write(roomId, part, { as: bot, content: { [part]: said } });
      }
    },
  };
}
