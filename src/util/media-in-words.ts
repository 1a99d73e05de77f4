import type { Media, MessageBody } from '../model/message-body.ts';
import { escapeHtml } from './escape.ts';

/** A body whose files are lines of its text: for where files themselves cannot be had. */
export function mediaInWords(body: MessageBody, lineOf: (media: Media) => string): MessageBody {
  const { media, ...rest } = body;
  if (!media || media.length === 0) return rest;
  const lines = media.map(lineOf);
  const text = [rest.text, ...lines].filter((line) => line !== '').join('\n');
  if (rest.html === undefined) return { ...rest, text };
  return { ...rest, text, html: [rest.html, ...lines.map(escapeHtml)].join('<br>') };
}

/** What a file is: `[image] cat.jpg (1.4 MB)`. */
export function mediaName(media: Media): string {
  const size = media.sizeBytes === undefined ? '' : ` (${sizeText(media.sizeBytes)})`;
  return `[${media.as}] ${media.name ?? media.mimeType}${size}`;
}

function sizeText(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} bytes`;
  if (sizeBytes < 1_000_000) return `${Math.round(sizeBytes / 1000)} kB`;
  return `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}
