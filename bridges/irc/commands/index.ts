import { BridgeError, type NetworkCommand } from '#adapter';
import { away } from './away.ts';
import type { Desk } from './desk.ts';
import { ignore, unignore } from './ignore.ts';
import { join } from './join.ts';
import { mentions } from './mentions.ts';
import { msg } from './msg.ts';
import { names } from './names.ts';
import { nick } from './nick.ts';
import { quit } from './quit.ts';
import { raw } from './raw.ts';
import { topic } from './topic.ts';
import { whois } from './whois.ts';

const all = [nick, away, whois, msg, ignore, unignore, mentions, join, names, topic, quit, raw];

/** What people ask of IRC through the bot. Whatever they type is one line, or refused. */
export const commandsAt = (desk: Desk): readonly NetworkCommand[] =>
  all.map((make) => onOneLine(make(desk)));

/** A clear no of the server says why. */
function inWords(error: unknown): string {
  if (error instanceof BridgeError && error.code === 'not_allowed') return `${error.message}.`;
  throw error;
}

const onOneLine = (command: NetworkCommand): NetworkCommand => ({
  ...command,
  async run(call, signal) {
    if (/[\r\n\0]/.test(call.words)) return 'A command is one line: no line break and no NUL.';
    return command.run(call, signal).catch(inWords);
  },
});
