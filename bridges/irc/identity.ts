import type { Speaker } from '#adapter';
import { splitText } from './wire/split.ts';

/** Before the server has said its limits: what every server takes (RFC 2812 1.2.1, and 10 by custom). */
const USERNAME_LENGTH = 10;
const REALNAME_BYTES = 150;

/** A nick for a Matrix user: the template filled in, with what no nick may hold left out. */
export function nickFor(template: string, speaker: Speaker, maxLength: number): string {
  const local = nickLetters(localpart(speaker));
  const display = nickLetters(speaker.displayName) || local;
  const ends = nickLetters(template.replace(/\{(?:displayName|localpart)\}/g, ''));
  const room = Math.max(1, maxLength - ends.length);
  const filled = fill(template, {
    displayName: (display || 'matrix').slice(0, room),
    localpart: (local || 'matrix').slice(0, room),
  });
  const nick = nickLetters(filled);
  return (/^[0-9-]/.test(nick) ? `_${nick}` : nick).slice(0, maxLength);
}

/** Letters lose their accents; what is left of other scripts is left out. */
function nickLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\s+/g, '_')
    .replace(/[^A-Za-z0-9[\]\\`_^{|}-]/g, '');
}

/** The part of a mask that says who of this machine it is. */
export function usernameFor(speaker: Speaker): string {
  const letters = localpart(speaker)
    .replace(/[^A-Za-z0-9_.-]/g, '')
    .replace(/^[.-]+/, '');
  return letters.slice(0, USERNAME_LENGTH) || 'matrix';
}

export function realnameFor(template: string, speaker: Speaker): string {
  const { userId, displayName } = speaker;
  const filled = fill(template, { userId, displayName, localpart: localpart(speaker) });
  const clean = filled.replace(/\p{Cc}+/gu, ' ').trim();
  return splitText(clean, REALNAME_BYTES)[0] ?? 'Matrix user';
}

export const localpart = ({ userId }: Speaker) => /^@?([^:]*)/.exec(userId)?.[1] ?? '';

export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
