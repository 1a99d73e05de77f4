import type { Media, MessageBody } from '../../model/message-body.ts';
import type { MediaRef } from '../../model/remote-ids.ts';
import { count, field, type Json, object, text } from '../../util/fields.ts';
import { wellFormed } from '../../util/well-formed.ts';

/** For people: what it is that cannot be bridged. */
type Unreadable = { readonly unsupported: string };

/** What a message content says. Its HTML is still as it came. */
export function readBody(content: Json): MessageBody | Unreadable {
  const msgtype = text(content, 'msgtype');
  const body = text(content, 'body');
  if (msgtype === 'm.location') return { unsupported: 'a location' };
  if (msgtype?.startsWith('m.key.verification.')) return { unsupported: 'a verification' };
  if (msgtype === undefined || body === undefined)
    return { unsupported: 'a message that is not well-formed' };
  const kind = fileKinds.get(msgtype);
  if (kind !== undefined) return file(content, kind, body);
  const as = manners.get(msgtype);
  return { text: wellFormed(body), ...html(content), ...(as === undefined ? {} : { as }) };
}

const manners: ReadonlyMap<string, 'emote' | 'notice'> = new Map([
  ['m.emote', 'emote'],
  ['m.notice', 'notice'],
  ['m.server_notice', 'notice'],
]);

const fileKinds: ReadonlyMap<string, Media['as']> = new Map([
  ['m.image', 'image'],
  ['m.video', 'video'],
  ['m.audio', 'audio'],
  ['m.file', 'file'],
]);

function html(content: Json): { readonly html?: string } {
  const formatted = text(content, 'formatted_body');
  const isHtml = text(content, 'format') === 'org.matrix.custom.html';
  return isHtml && formatted ? { html: wellFormed(formatted) } : {};
}

/** The body is a caption only beside a file name that differs from it. */
function file(content: Json, kind: Media['as'], body: string): MessageBody | Unreadable {
  const url = text(content, 'url');
  if (!url?.startsWith('mxc://')) {
    const isEncrypted = field(content, 'file') !== undefined;
    return { unsupported: isEncrypted ? 'an encrypted file' : 'a file without an address' };
  }
  const fileName = text(content, 'filename');
  const hasCaption = fileName !== undefined && fileName !== body;
  const info = object(content, 'info');
  const sizeBytes = count(info, 'size');
  const name = wellFormed(fileName ?? body);
  const media: Media = {
    ref: url as MediaRef,
    as: kind,
    mimeType: text(info, 'mimetype') ?? 'application/octet-stream',
    ...(name === '' ? {} : { name }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
  return hasCaption
    ? { text: wellFormed(body), ...html(content), media: [media] }
    : { text: '', media: [media] };
}
