/** A text as a regular expression that matches just it. */
export const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text as it stands between tags. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>]/g, (char) => entities[char] ?? char);

/** A text as the value of an attribute, in double quotes. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

/** A text as HTML, line breaks included. */
export const escapeHtml = (text: string): string => escapeText(text).replaceAll('\n', '<br>');
