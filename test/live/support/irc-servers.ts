import {
  type IrcServer,
  type IrcServerOptions,
  startInspircd,
  startNgircd,
} from '../servers/irc.ts';
import { requirePart } from '../servers/require-part.ts';
import { serve } from './irc-bench.ts';

type Options = Omit<IrcServerOptions, 'root'>;

/** A kind of server that tests run on. */
export interface IrcServerKind {
  readonly name: 'inspircd' | 'ngircd';
  /** As that of `requirePart`. */
  describe(title: string, tests: () => void): void;
  /** One until the end of the test. */
  serve(options?: Options): Promise<IrcServer>;
}

async function kindOf(
  name: IrcServerKind['name'],
  start: (options: IrcServerOptions) => Promise<IrcServer>,
  always: Options,
): Promise<IrcServerKind> {
  const part = await requirePart(name);
  return {
    name,
    describe: part.describe,
    serve: (options) => serve(start, { root: part.root, ...always, ...options }),
  };
}

/** Both kinds: one that can much, and one that can little. @param always for inspircd. */
export async function ircServers(always: Options = {}) {
  const inspircd = await kindOf('inspircd', startInspircd, always);
  const ngircd = await kindOf('ngircd', startNgircd, {});
  return { inspircd, ngircd, both: [inspircd, ngircd] };
}
