import { type Container, disposition, type Part } from '../container.ts';
import { must } from '../refusal.ts';
import { itemsOf } from './items.ts';
import { MATRIX_EVENT, matrixEventOf } from './matrix-event.ts';
import { MESSAGE_STATUS, readReport } from './report.ts';
import type { Message, Reaction, Removal, Report, Said, Spoken } from './said.ts';

/**
 * What a container says. Whom it answers, edits, takes back or reacts to is in its fields and nowhere else.
 * @throws BadContent where it says nothing at all, or names a file that cannot be
 */
export function saidBy(container: Container): Said {
  const { replaces, body } = container;
  if (replaces && body.kind === 'null') return removal(replaces, body);
  return reportIn(body) ?? reactionIn(container) ?? spoken(container);
}

const removal = (of: string, body: Part): Removal => ({
  ...{ kind: 'removal', of },
  what: body.disposition === disposition.reaction ? 'reaction' : 'message',
});

const reportIn = (body: Part): Report | undefined =>
  body.kind === 'single' && body.contentType.toLowerCase() === MESSAGE_STATUS
    ? readReport(body.content)
    : undefined;

/** One that is no text, or to nothing, is shown as what it is: a message. */
function reactionIn({ body, inReplyTo: to, replaces }: Container): Reaction | undefined {
  if (body.disposition !== disposition.reaction || !to) return undefined;
  const items = itemsOf(body);
  const [first, ...others] = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  const isText = first !== undefined && others.length + 1 === items.length;
  if (!isText || [first, ...others].includes('')) return undefined;
  return { kind: 'reaction', to, keys: [first, ...others], ...(replaces && { replaces }) };
}

function spoken({ replaces, body, ...container }: Container): Said {
  const said = saidIn(body);
  must(said.items.length > 0, 'says_nothing', 'there is no part that says anything');
  if (replaces) return { kind: 'edit', of: replaces, ...said };
  const { inReplyTo, topic, expires } = container;
  return {
    ...{ kind: 'message', ...said },
    ...(inReplyTo && { replyTo: inReplyTo }),
    ...(topic.length > 0 && { thread: Buffer.from(topic).toString('hex') }),
    ...(expires && { expires }),
  } satisfies Message;
}

/** The Matrix alternative is looked for where it belongs: first among the alternatives of the whole. */
function saidIn(body: Part): Spoken {
  if (body.kind !== 'multi' || body.semantics !== 'chooseOne') return { items: itemsOf(body) };
  const [first, ...rest] = body.parts;
  if (first?.kind !== 'single' || first.contentType !== MATRIX_EVENT)
    return { items: itemsOf(body) };
  const items = itemsOf({ ...body, parts: rest });
  const matrix = matrixEventOf(first, items);
  return { items, ...(matrix && { matrix }) };
}
