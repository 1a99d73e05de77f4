import { type PartName, provide } from './live/servers/provision.ts';
import { built } from './live/support/build.ts';

const parts: readonly PartName[] = [
  'synapse',
  'inspircd',
  'ngircd',
  'chromium-headless-shell',
  'strace',
  'postgresql',
  'weechat',
];

/** Before the first live test: what the tests run is built, and the real servers are fetched. */
export async function setup(): Promise<() => void> {
  const [, ...provided] = await Promise.all([
    built('bridges/main.js'),
    ...parts.map((name) => provide(name)),
  ]);
  const missing = parts.flatMap((name, index) => {
    const part = provided[index];
    return part !== undefined && 'missing' in part ? [`${name}: ${part.missing}`] : [];
  });
  return () => {
    if (missing.length > 0)
      process.stderr.write(`\nNOT TESTED, as missing:\n${missing.join('\n')}\n`);
  };
}
