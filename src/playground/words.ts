import { relative } from 'node:path';
import { configFile } from './write-config.ts';

/** What the terminal says once the page can be opened. */
export function welcome(about: {
  readonly url: string;
  readonly dir: string;
  readonly isFirst: boolean;
}): readonly string[] {
  const { url, dir, isFirst } = about;
  return [
    '',
    `  Drawbridge playground: ${url}`,
    '',
    isFirst
      ? '  A Matrix homeserver, a small chat network and the bridge between them, all on this machine.'
      : '  As you left it: the homeserver, the small chat network and the bridge between them.',
    '  Type on either side. Kill the bridge while you type. Start it again: nothing is missing.',
    '',
    `  Everything lies in ${shown(dir)}/ (the bridge's config: ${shown(configFile(dir))}).`,
    '  It is there again next time; delete the folder to begin anew. Ctrl-C stops the playground.',
    '',
    '  For a bridge of your own: `drawbridge config init`, then the README, "Run it for real".',
    '',
  ];
}

export function farewell(dir: string): string {
  return `Stopping. The conversation stays in ${shown(dir)}/.`;
}

/** As short as it can be said from here. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
