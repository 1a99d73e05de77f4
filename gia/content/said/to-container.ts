import { type Container, disposition, type Part } from '../container.ts';
import { must } from '../refusal.ts';
import { partOf } from './items.ts';
import { matrixPart } from './matrix-event.ts';
import { MESSAGE_STATUS, writeReport } from './report.ts';
import type { Said, Spoken } from './said.ts';

/** Who says it and where, as URIs, and sixteen random bytes that were never used before. */
export interface Saying {
  readonly salt: Uint8Array;
  readonly sender: string;
  readonly room: string;
}

/** @throws BadContent where nothing is said, or the Matrix event says something else than the items */
export function containerOf(said: Said, saying: Saying): Container {
  return { ...saying, ...silent, ...fieldsOf(said) };
}

const silent = {
  replaces: null,
  topic: new Uint8Array(),
  expires: null,
  inReplyTo: null,
  extensions: new Map(),
} as const;

type Fields = Partial<Container> & Pick<Container, 'body'>;
const common = { disposition: disposition.render, language: '' } as const;

function fieldsOf(said: Said): Fields {
  switch (said.kind) {
    case 'message':
      return {
        inReplyTo: said.replyTo ?? null,
        topic: new Uint8Array(Buffer.from(said.thread ?? '', 'hex')),
        expires: said.expires ?? null,
        body: bodyOf(said),
      };
    case 'edit':
      return { replaces: said.of, body: bodyOf(said) };
    case 'removal':
      return { replaces: said.of, body: { ...common, kind: 'null', ...dispositionOf(said.what) } };
    case 'reaction':
      return {
        ...{ inReplyTo: said.to, replaces: said.replaces ?? null },
        body: together(said.keys.map(reactionPart), disposition.reaction),
      };
    case 'report':
      return {
        body: {
          ...{ ...common, kind: 'single', contentType: MESSAGE_STATUS },
          content: writeReport(said),
        },
      };
  }
}

const dispositionOf = (what: 'message' | 'reaction') =>
  what === 'reaction' ? { disposition: disposition.reaction } : {};

function reactionPart(key: string): Part {
  must(key !== '', 'says_nothing', 'a reaction is a text');
  const text = partOf({ kind: 'text', format: 'plain', text: key });
  return { ...text, disposition: disposition.reaction };
}

function bodyOf({ items, matrix }: Spoken): Part {
  const rendering = together(items.map(partOf), disposition.render);
  if (!matrix) return rendering;
  const parts = [matrixPart(matrix, items), rendering];
  return { ...common, kind: 'multi', semantics: 'chooseOne', parts };
}

function together(parts: readonly Part[], meaning: number): Part {
  const [first] = parts;
  must(first, 'says_nothing', 'there is nothing to say');
  if (parts.length === 1) return first;
  return { ...common, disposition: meaning, kind: 'multi', semantics: 'processAll', parts };
}
