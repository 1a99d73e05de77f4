import type { MatrixEventId } from '../../model/matrix-ids.ts';
import type { MessageBody } from '../../model/message-body.ts';
import type { MatrixEvent } from '../../ports/matrix.ts';
import { field, isObject, type Json, object, text } from '../../util/fields.ts';
import { withCleanHtml } from '../html/clean-body.ts';
import { mentionsIn } from '../html/read-pills.ts';
import { readBody } from './read-body.ts';
import { ignored, type Reader, type Source, unsupported } from './reader.ts';
import { withoutQuote } from './reply-fallback.ts';

/** `m.room.message`: something said, or a new version of it. */
export const message: Reader = (source) => {
  const { content } = source;
  // What was redacted has lost everything, also where the homeserver does not say why.
  if (text(content, 'msgtype') === undefined && text(content, 'body') === undefined)
    return ignored(source);
  const relation = object(content, 'm.relates_to');
  return text(relation, 'rel_type') === 'm.replace'
    ? edit(source, relation)
    : said(source, relation);
};

function said(source: Source, relation: Json): MatrixEvent {
  const body = readBody(source.content);
  if ('unsupported' in body) return unsupported(source, body.unsupported);
  const { replyTo, threadRoot, quotes } = place(relation);
  const whole = quotes ? { ...body, text: withoutQuote(body.text) } : body;
  return {
    kind: 'message',
    ...source.common,
    ...readable(whole),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(threadRoot === undefined ? {} : { threadRoot }),
  };
}

function edit(source: Source, relation: Json): MatrixEvent {
  const target = text(relation, 'event_id');
  const fresh = field(source.content, 'm.new_content');
  if (target === undefined || !isObject(fresh))
    return unsupported(source, 'an edit without a text');
  const body = readBody(fresh);
  if ('unsupported' in body) return unsupported(source, body.unsupported);
  return {
    kind: 'edit',
    ...source.common,
    target: target as MatrixEventId,
    ...readable(body),
  };
}

function readable(body: MessageBody) {
  const mentions = mentionsIn(body.html, body.text);
  return { body: withCleanHtml(body), ...(mentions.length > 0 && { mentions }) };
}

/** What a message answers. In a thread, an answer for clients that know none is no answer. */
function place(relation: Json) {
  const answers = text(object(relation, 'm.in_reply_to'), 'event_id') as MatrixEventId | undefined;
  const isThread = text(relation, 'rel_type') === 'm.thread';
  const isOnlyFallback = isThread && field(relation, 'is_falling_back') === true;
  return {
    replyTo: isOnlyFallback ? undefined : answers,
    threadRoot: isThread ? (text(relation, 'event_id') as MatrixEventId | undefined) : undefined,
    quotes: answers !== undefined,
  };
}
