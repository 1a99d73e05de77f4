import { disposition, type ExternalPart, type Part, type SinglePart } from '../container.ts';
import { must } from '../refusal.ts';
import type { FileItem, Item, TextItem } from './said.ts';

export const AES_128_GCM = 1;
const SHA_256 = 1;

const formats: Readonly<Record<string, TextItem['format']>> = {
  'text/plain': 'plain',
  'text/markdown': 'markdown',
};
const typeOf = { plain: 'text/plain;charset=utf-8', markdown: 'text/markdown;variant=GFM-MIMI' };

/** What of a part can be shown. Of alternatives it is the first that is understood as a whole. */
export function itemsOf(part: Part): readonly Item[] {
  switch (part.kind) {
    case 'null':
      return [];
    case 'single':
      return [singleItem(part)];
    case 'external':
      return [externalItem(part)];
    case 'multi':
      return part.semantics === 'chooseOne'
        ? oneOf(part.parts.map(itemsOf))
        : allOf(part.parts.flatMap(itemsOf), part.semantics === 'singleUnit');
  }
}

const isUnknown = ({ kind }: Item) => kind === 'unknown';

const oneOf = (choices: readonly (readonly Item[])[]): readonly Item[] =>
  choices.find((items) => items.length > 0 && !items.some(isUnknown)) ?? choices[0] ?? [];

/** Of a unit nothing is shown unless all is understood. */
function allOf(items: readonly Item[], isUnit: boolean): readonly Item[] {
  const unknown = items.find(isUnknown);
  return isUnit && unknown ? [unknown] : items;
}

/** The type without its parameters. */
const essence = (contentType: string) => contentType.split(';')[0]?.trim().toLowerCase() ?? '';

function singleItem({ contentType, content }: SinglePart): Item {
  const format = formats[essence(contentType)];
  if (!format) return { kind: 'unknown', contentType };
  return { kind: 'text', format, text: new TextDecoder().decode(content) };
}

function externalItem(part: ExternalPart): Item {
  const { url, description, contentType } = part;
  const said = description && { description };
  if (part.disposition === disposition.session) return { kind: 'link', url, ...said };
  const isKnown = /^https?:\/\//i.test(url) && (part.aead === 0 || part.aead === AES_128_GCM);
  if (!isKnown) return { kind: 'unknown', contentType };
  return {
    ...{ kind: 'file', url, contentType, ...said },
    ...(part.sizeBytes > 0 && { sizeBytes: part.sizeBytes }),
    ...(part.filename && { filename: part.filename }),
    ...(part.expiresAtSeconds > 0 && { expiresAtSeconds: part.expiresAtSeconds }),
    isInline: part.disposition !== disposition.attachment,
    ...sealOf(part),
  };
}

function sealOf({ aead, key, nonce, aad, ...part }: ExternalPart): Partial<FileItem> {
  must(aead === 0 || key.length === 16, 'bad_file', 'a key of AES-128 has 16 bytes');
  must(aead === 0 || nonce.length === 12, 'bad_file', 'a nonce has 12 bytes');
  const hasHash = part.hashAlgorithm === SHA_256;
  must(!hasHash || part.hash.length === 32, 'bad_file', 'a SHA-256 has 32 bytes');
  return {
    ...(aead !== 0 && { seal: { key, nonce, aad } }),
    ...(hasHash && { sha256: part.hash }),
  };
}

const none = new Uint8Array();

export function partOf(item: Item): Part {
  const common = { disposition: disposition.render, language: '' };
  switch (item.kind) {
    case 'text':
      return {
        ...{ ...common, kind: 'single', contentType: typeOf[item.format] },
        content: new TextEncoder().encode(item.text),
      };
    case 'file':
      return filePart(item);
    case 'link':
      return {
        ...{ ...common, ...elsewhere, disposition: disposition.session, contentType: '' },
        ...{ url: item.url, description: item.description ?? '' },
      };
    case 'unknown':
      must(false, 'says_nothing', 'what is unknown cannot be said');
  }
}

const elsewhere = {
  kind: 'external',
  ...{ expiresAtSeconds: 0, sizeBytes: 0, description: '', filename: '' },
  ...{ aead: 0, key: none, nonce: none, aad: none, hashAlgorithm: 0, hash: none },
} as const;

function filePart(item: FileItem): ExternalPart {
  const { url, contentType, seal, sha256 } = item;
  return {
    ...{ ...elsewhere, language: '', url, contentType },
    disposition: item.isInline ? disposition.inline : disposition.attachment,
    expiresAtSeconds: item.expiresAtSeconds ?? 0,
    sizeBytes: item.sizeBytes ?? 0,
    ...(seal && { aead: AES_128_GCM, ...seal }),
    ...(sha256 && { hashAlgorithm: SHA_256, hash: sha256 }),
    description: item.description ?? '',
    filename: item.filename ?? '',
  };
}
