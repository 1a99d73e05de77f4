import { refused } from './fault.ts';

/** How far somebody has read: all that happened up to `position`, and typing up to `typing`. */
export interface Token {
  readonly position: number;
  readonly typing: number;
}

export const printToken = ({ position, typing }: Token) => `s${position}_${typing}`;

/** A place between two events of a room: after `position`. */
export const printPlace = (position: number) => `t${position}`;

/** Reads a token of a sync or of a page. @throws {Fault} */
export function readToken(text: string): Token {
  const [, position, typing = '0'] = /^[st](\d+)(?:_(\d+))?$/.exec(text) ?? [];
  if (position === undefined) throw refused(`'${text}' is no token of this homeserver`);
  return { position: Number(position), typing: Number(typing) };
}
