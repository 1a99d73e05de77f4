/**
 * Takes away the copy of the answered message that older clients put before an answer:
 * `> <@alice:example.org> what she said`, or `> * <@alice…` for what she did, up to the first line
 * without `>`. The copy in HTML goes with all that is not permitted there.
 *
 * @see https://spec.matrix.org/v1.12/client-server-api/#fallbacks-for-rich-replies
 */
export function withoutQuote(text: string): string {
  if (!/^> (?:\* )?<@/.test(text)) return text;
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('>'));
  // Nothing but a quote is what somebody said, and no copy.
  if (end === -1) return text;
  return lines.slice(lines[end] === '' ? end + 1 : end).join('\n');
}
