import type { MatrixAction, MessageBody } from '#adapter';
import type { FileItem, Item, MatrixEvent, Said } from '#gia';

/** What a Matrix user does, in the terms of the container. @param files the body's, where they lie now, in their order */
export const toSaid = {
  message: ({ body, replyTo }: MatrixAction<'message'>, files: readonly FileItem[] = []): Said => ({
    ...{ kind: 'message', ...spoken(body, files) },
    ...(replyTo !== undefined && { replyTo }),
  }),
  edit: (
    { target: [first], body }: MatrixAction<'edit'>,
    files: readonly FileItem[] = [],
  ): Said => ({
    ...{ kind: 'edit', of: first, ...spoken(body, files) },
  }),
  removal: ({ target: [first] }: MatrixAction<'removal'>): Said => ({
    ...{ kind: 'removal', of: first, what: 'message' },
  }),
  /** One that is taken back is named by its own id. */
  reaction: ({ target, emoji, removed, id }: MatrixAction<'reaction'>): Said | undefined => {
    if (!removed) return { kind: 'reaction', to: target, keys: [emoji] };
    return id === undefined ? undefined : { kind: 'removal', of: id, what: 'reaction' };
  },
};

function spoken(body: MessageBody, files: readonly FileItem[]) {
  const text = body.as === 'emote' ? `* ${body.text}` : body.text;
  const caption: Item[] = text === '' ? [] : [{ kind: 'text', format: 'plain', text }];
  const matrix = files.length === 0 ? matrixEvent(body) : undefined;
  return { items: [...files, ...caption], ...(matrix && { matrix }) };
}

const msgtypes = { emote: 'm.emote', notice: 'm.notice' } as const;

/** The same without loss, for whoever speaks Matrix. Where plain text says it all there is nothing to be lost. */
function matrixEvent({ text, html, as }: MessageBody): MatrixEvent | undefined {
  if (html === undefined && as === undefined) return undefined;
  return {
    type: 'm.room.message',
    content: {
      ...{ msgtype: as ? msgtypes[as] : 'm.text', body: text },
      ...(html !== undefined && { format: 'org.matrix.custom.html', formatted_body: html }),
    },
  };
}
