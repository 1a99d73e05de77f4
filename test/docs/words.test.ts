import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { networks } from '../../bridges/index.ts';

/** Networks and their firms. `loopback` is none: the playground knows it. */
const named = new Set([
  ...Object.keys(networks).filter((id) => id !== 'loopback'),
  ...['irc', 'libera', 'oftc', 'xmpp', 'jabber', 'slack', 'discord', 'telegram', 'whatsapp'],
  ...['messenger', 'mattermost', 'zulip', 'skype', 'wechat', 'facebook'],
]);

const sources = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sql|html|css|js)$/.test(name))
    .map((name) => join(folder, name));

/** A source without its comments: these may take an example from a network. */
const printer = ts.createPrinter({ removeComments: true });
const code = (text: string) =>
  printer.printFile(ts.createSourceFile('it.ts', text, ts.ScriptTarget.Latest));

/** `IrcSession`, `irc_nick` and `an IRC line` all name it; `circle` does not. */
function namesIn(text: string): readonly string[] {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return [...named].filter((name) => words.includes(name));
}

describe('the core', () => {
  const files = sources('src');

  it('names no network in its code', () => {
    const found = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      // Printing takes long: most files name none, not even in a comment.
      if (namesIn(text).length === 0) return [];
      return namesIn(file.endsWith('.ts') ? code(text) : text).map((name) => `${file}: ${name}`);
    });

    expect(files.length).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });

  it('is looked through with eyes that see a name in all its forms', () => {
    expect(namesIn(code('const ircNick = 1; // slack'))).toEqual(['irc']);
    expect(namesIn(code('log("to Slack"); /* irc */'))).toEqual(['slack']);
    expect(namesIn('circle')).toEqual([]);
  });
});

describe('names in the project', () => {
  it('say a side and never a direction', () => {
    const banned = /\b(incoming|outgoing|inbound|outbound|upstream|downstream)/i;
    const ofLibraries =
      /\b(IncomingMessage|IncomingMessageCallback|IncomingHttpHeaders|OutgoingHttpHeaders)\b/g;
    const found = [...sources('src'), ...sources('bridges'), ...sources('gia')].filter((file) =>
      banned.test(readFileSync(file, 'utf8').replaceAll(ofLibraries, '')),
    );

    expect(found).toEqual([]);
  });
});
