import type { MessageBody } from '../../model/message-body.ts';
import type { Mark, MatrixContent, MatrixMention, SentFile } from '../../ports/matrix.ts';
import type { Json } from '../../util/fields.ts';
import { mediaInWords, mediaName } from '../../util/media-in-words.ts';
import { withCleanHtml } from '../html/clean-body.ts';
import { withPills } from '../html/with-pills.ts';
import { markContent } from './mark.ts';

/** An event to be sent. */
export interface Composed {
  readonly type: string;
  readonly content: Json;
}

/** Writes what is to be said as an event of Matrix. */
export function compose(content: MatrixContent, mark: Mark): Composed {
  const { type, content: body } = compositions[content.kind](content as never);
  return { type, content: { ...body, ...markContent(mark) } };
}

type Compositions = {
  readonly [K in MatrixContent['kind']]: (
    content: Extract<MatrixContent, { readonly kind: K }>,
  ) => Composed;
};

const compositions: Compositions = {
  message: ({ body, file, mentions, replyTo, threadRoot }) => ({
    type: 'm.room.message',
    content: {
      ...textContent(body, mentions),
      ...fileContent(file, body.text),
      ...relation(replyTo, threadRoot),
    },
  }),
  edit: (content) => replacement(content),
  reaction: ({ target, emoji }) => ({
    type: 'm.reaction',
    content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: target, key: emoji } },
  }),
  notice({ text, replyTo, replaces }) {
    const body: MessageBody = { text, as: 'notice' };
    if (replaces !== undefined) return replacement({ target: replaces, body });
    return {
      type: 'm.room.message',
      content: { ...textContent(body), ...relation(replyTo, undefined) },
    };
  },
  status: ({ of, network, outcome, reason }) => ({
    type: 'com.beeper.message_send_status',
    content: {
      network,
      'm.relates_to': { rel_type: 'm.reference', event_id: of },
      ...statuses[outcome],
      ...(reason === undefined ? {} : { message: reason }),
    },
  }),
};

/** What its clients do: `FAIL_RETRIABLE` offers to send again, which is wrong for what may have arrived. */
const statuses = {
  delivered: { status: 'SUCCESS' },
  retrying: { status: 'PENDING' },
  failed: { status: 'FAIL_RETRIABLE', reason: 'm.foreign_network_error' },
  unknown: { status: 'FAIL_PERMANENT', reason: 'm.foreign_network_error' },
} as const;

const msgtypes = { emote: 'm.emote', notice: 'm.notice' } as const;

type Mentions = readonly MatrixMention[];

/** What can be said of a body. An adapter's HTML is trusted as little as anybody's. */
const sayable = (body: MessageBody, mentions: Mentions): MessageBody =>
  // What could not be brought along: so the people in the room at least see that there is one.
  mediaInWords(withPills(withCleanHtml(body), mentions), mediaName);

const textContent = (body: MessageBody, mentions: Mentions = []): Json =>
  contentOf(sayable(body, mentions), mentions);

/** `m.mentions` is always there: without it, clients guess mentions from the words. */
const contentOf = ({ as, text, html }: MessageBody, mentions: Mentions): Json => ({
  msgtype: as === undefined ? 'm.text' : msgtypes[as],
  body: text,
  ...htmlContent(html),
  'm.mentions': mentions.length === 0 ? {} : { user_ids: usersIn(mentions) },
});

/** Without a caption the body is the name: clients that know no captions show that. */
function fileContent(
  file: SentFile | undefined,
  caption: string,
): { readonly body?: string } & Json {
  if (!file) return {};
  const { as, name = as, mimeType, sizeBytes } = file.media;
  return {
    msgtype: `m.${as}`,
    url: file.url,
    filename: name,
    info: { mimetype: mimeType, ...(sizeBytes !== undefined && { size: sizeBytes }) },
    ...(caption === '' && { body: name }),
  };
}

const usersIn = (mentions: Mentions) => [...new Set(mentions.map(({ userId }) => userId))];

const htmlContent = (html: string | undefined): Json =>
  html === undefined ? {} : { format: 'org.matrix.custom.html', formatted_body: html };

function relation(replyTo: string | undefined, threadRoot: string | undefined): Json {
  if (threadRoot === undefined)
    return replyTo === undefined
      ? {}
      : { 'm.relates_to': { 'm.in_reply_to': { event_id: replyTo } } };
  return {
    'm.relates_to': {
      rel_type: 'm.thread',
      event_id: threadRoot,
      // Clients that know no threads show an answer to the root.
      is_falling_back: replyTo === undefined,
      'm.in_reply_to': { event_id: replyTo ?? threadRoot },
    },
  };
}

type Edit = Pick<Extract<MatrixContent, { kind: 'edit' }>, 'target' | 'body' | 'file' | 'mentions'>;

function replacement({ target, body, file, mentions = [] }: Edit): Composed {
  const shown = sayable(body, mentions);
  const fresh = { ...contentOf(shown, mentions), ...fileContent(file, shown.text) };
  return {
    type: 'm.room.message',
    content: {
      ...fresh,
      // For clients that know no edits.
      body: `* ${fresh.body}`,
      ...htmlContent(shown.html === undefined ? undefined : `* ${shown.html}`),
      // Whoever was named before is not called again.
      'm.mentions': {},
      'm.new_content': fresh,
      'm.relates_to': { rel_type: 'm.replace', event_id: target },
    },
  };
}
