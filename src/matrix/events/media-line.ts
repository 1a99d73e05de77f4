import type { Media, MessageBody } from '../../model/message-body.ts';
import { escapeHtml } from '../../util/escape.ts';

/**
 * A body whose files are named in its text: `[image] cat.jpg (1.4 MB)`.
 *
 * Files themselves are not sent to Matrix yet. So the people in the room at least see that there is one.
 */
export function withMediaNamed(body: MessageBody): MessageBody {
  const { media, ...rest } = body;
  if (!media || media.length === 0) return rest;
  const lines = media.map(nameOf);
  const text = [rest.text, ...lines].filter((line) => line !== '').join('\n');
  if (rest.html === undefined) return { ...rest, text };
  return { ...rest, text, html: [rest.html, ...lines.map(escapeHtml)].join('<br>') };
}

function nameOf(media: Media): string {
  const size = media.sizeBytes === undefined ? '' : ` (${sizeText(media.sizeBytes)})`;
  return `[${media.as}] ${media.name ?? media.mimeType}${size}`;
}

function sizeText(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} bytes`;
  if (sizeBytes < 1_000_000) return `${Math.round(sizeBytes / 1000)} kB`;
  return `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}
