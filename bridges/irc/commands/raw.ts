import type { NetworkCommand } from '#adapter';
import { buildLine, type Line, parseLine } from '../wire/line.ts';
import { answersTo } from './ask.ts';
import { anyConnection, type Desk } from './desk.ts';

const MOST_SHOWN = 50;

/** Sends a line as it is. */
export const raw = (desk: Desk): NetworkCommand => ({
  name: 'raw',
  usage: 'LINE',
  summary: 'sends a line of the protocol as you, and says what the server answers',
  adminsOnly: true,
  async run(call, signal) {
    const line = parseLine(call.words);
    const isWhole = line && !line.source && !call.words.startsWith('@');
    if (!isWhole) return 'That is no line of the protocol: begin with a command, such as MODE.';
    const connection = await anyConnection(desk, call);
    // Never its words: they may be somebody's password.
    const { userId: by } = call.speaker;
    desk.host.log('info', 'A raw line is sent for an admin', { by, command: line.command });
    const answers = await answersTo(connection, buildLine(line.command, line.params), signal);
    if (answers.length === 0) return 'It was sent. The server answers nothing.';
    return answers.slice(0, MOST_SHOWN).map(shown).join('\n');
  },
});

/** Without the nick that each numeric begins with. */
function shown({ command, params }: Line): string {
  const words = /^\d+$/.test(command) ? params.slice(1) : params;
  return `${command} ${words.join(' ')}`;
}
