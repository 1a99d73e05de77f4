import {
  type Media,
  type MessageBody,
  mediaRef,
  type RemoteEvent,
  type RemoteUserId,
} from '#adapter';
import {
  type FileItem,
  type Item,
  type MatrixEvent,
  type MessageId,
  type Said,
  SEAL_BYTES,
} from '#gia';
import { messageIdIn } from './ids.ts';

/** Where and by whom something was said, and what it goes by. */
export interface Context {
  readonly id: MessageId;
  readonly sender: RemoteUserId;
  readonly view: Pick<RemoteEvent, 'chat' | 'receiver'>;
  readonly sentAtMs: number;
  /** Of this event in its stream. */
  readonly key: string;
}

/** What somebody over there said, in the terms of the core. A report is not bridged: it is a hint. */
export function fromSaid(said: Said, { id, sender, view, sentAtMs, key }: Context): RemoteEvent[] {
  const common = { ...view, sender, sentAtMs, key };
  const own = messageIdIn(id);
  switch (said.kind) {
    case 'message': {
      const replyTo = said.replyTo && { replyTo: messageIdIn(said.replyTo) };
      return [{ kind: 'message', ...common, id: own, body: bodyOf(said), ...replyTo }];
    }
    case 'edit':
      return [{ kind: 'edit', ...common, target: messageIdIn(said.of), body: bodyOf(said) }];
    case 'removal':
      return [{ kind: 'removal', ...common, target: messageIdIn(said.of) }];
    case 'reaction':
      return said.keys.map((emoji, n) => ({
        ...{ kind: 'reaction' as const, ...common, key: n === 0 ? key : `${key}/${n}` },
        ...(n === 0 && { id: own }),
        ...{ target: messageIdIn(said.to), emoji, removed: false },
      }));
    case 'report':
      return [];
  }
}

function bodyOf({
  items,
  matrix,
}: {
  readonly items: readonly Item[];
  readonly matrix?: MatrixEvent;
}): MessageBody {
  const media = items.flatMap((item) => (item.kind === 'file' ? [mediaOf(item)] : []));
  const text = items.map(textOf).filter(Boolean).join('\n');
  return { text, ...(media.length > 0 && { media }), ...lossless(matrix) };
}

function textOf(item: Item): string {
  switch (item.kind) {
    case 'text':
      return item.text;
    case 'link':
      return [item.description, item.url].filter(Boolean).join(': ');
    case 'file':
      return item.description ?? '';
    case 'unknown':
      return `[Something that this bridge cannot show: ${item.contentType || 'of no kind'}]`;
  }
}

const speech: Readonly<Record<string, MessageBody['as']>> = {
  'm.emote': 'emote',
  'm.notice': 'notice',
};

/** Looks and manner are the Matrix event's where there is one. Whom it answers or edits never is. */
function lossless(matrix: MatrixEvent | undefined): Partial<MessageBody> {
  if (!matrix) return {};
  const { msgtype, body, format, formatted_body: html } = matrix.content;
  const as = speech[String(msgtype)];
  return {
    ...(typeof body === 'string' && { text: body }),
    ...(format === 'org.matrix.custom.html' && typeof html === 'string' && { html }),
    ...(as && { as }),
  };
}

function mediaOf(item: FileItem): Media {
  const size = item.sizeBytes !== undefined && item.sizeBytes - (item.seal ? SEAL_BYTES : 0);
  return {
    ref: mediaRef(JSON.stringify(refOf(item))),
    as: kindOf(item.contentType),
    mimeType: item.contentType || 'application/octet-stream',
    ...(item.filename && { name: item.filename }),
    ...(size !== false && size >= 0 && { sizeBytes: size }),
  };
}

const kindOf = (contentType: string): Media['as'] => {
  const [kind] = contentType.split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'file';
};

interface FileRef {
  readonly url: string;
  readonly seal?: readonly [key: string, nonce: string, aad: string];
  readonly sha256?: string;
  readonly sizeBytes?: number;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytes = (from: string) => new Uint8Array(Buffer.from(from, 'base64url'));

const refOf = ({ url, seal, sha256, sizeBytes }: FileItem): FileRef => ({
  url,
  ...(seal && { seal: [text(seal.key), text(seal.nonce), text(seal.aad)] as const }),
  ...(sha256 && { sha256: text(sha256) }),
  ...(sizeBytes !== undefined && { sizeBytes }),
});

/** Where the file of an event lies, and how it is opened. */
export function fileIn(ref: string): Pick<FileItem, 'url' | 'seal' | 'sha256' | 'sizeBytes'> {
  const { url, seal, sha256, sizeBytes }: FileRef = JSON.parse(ref);
  const [key = '', nonce = '', aad = ''] = seal ?? [];
  return {
    url,
    ...(seal && { seal: { key: bytes(key), nonce: bytes(nonce), aad: bytes(aad) } }),
    ...(sha256 !== undefined && { sha256: bytes(sha256) }),
    ...(sizeBytes !== undefined && { sizeBytes }),
  };
}
