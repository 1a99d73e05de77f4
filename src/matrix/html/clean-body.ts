import type { MessageBody } from '../../model/message-body.ts';
import { cleanHtml } from './clean-html.ts';

/** A body with HTML as Matrix permits it, and with none where that says no more than the text does. */
export function withCleanHtml({ html, ...body }: MessageBody): MessageBody {
  const clean = html === undefined ? undefined : cleanHtml(html);
  if (!clean || clean.isBlank) return body;
  const saysNoMore = clean.isPlain && wordsOf(clean.words) === wordsOf(body.text);
  return saysNoMore ? body : { ...body, html: clean.html };
}

/** However they are spaced. */
const wordsOf = (text: string) => text.trim().replace(/\s+/g, ' ');
