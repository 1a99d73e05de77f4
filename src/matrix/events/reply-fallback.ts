import type { MessageBody } from '../../model/message-body.ts';

/**
 * Takes away the copy of the answered message that older clients put before an answer.
 *
 * @see https://spec.matrix.org/v1.12/client-server-api/#fallbacks-for-rich-replies
 */
export function withoutQuote(body: MessageBody): MessageBody {
  const html = body.html === undefined ? undefined : withoutHtmlQuote(body.html);
  const { html: _, ...rest } = body;
  return { ...rest, text: withoutTextQuote(body.text), ...(html ? { html } : {}) };
}

/** `> <@alice:example.org> what she said`, or `> * <@alice…` for what she did, up to the first line without `>`. */
function withoutTextQuote(text: string): string {
  if (!/^> (?:\* )?<@/.test(text)) return text;
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('>'));
  // Nothing but a quote is what somebody said, and no copy.
  if (end === -1) return text;
  return lines.slice(lines[end] === '' ? end + 1 : end).join('\n');
}

const OPEN = '<mx-reply>';
const CLOSE = '</mx-reply>';

function withoutHtmlQuote(html: string): string {
  const from = html.indexOf(OPEN);
  const to = html.lastIndexOf(CLOSE);
  if (from === -1 || to < from) return html;
  return html.slice(0, from) + html.slice(to + CLOSE.length);
}
