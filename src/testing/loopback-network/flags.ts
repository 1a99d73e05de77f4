import { parseArgs } from 'node:util';
import type { LoopbackOptions } from './index.ts';
import { certainties } from './record.ts';

export const usage = `Runs the loopback network.

  --certainty       ${certainties.join(' | ')}; drops-repeats unless told
  --port            0 (any free one) unless told
  --dir             where its log lies; in memory only unless told
  --bot-token       the token of the bot "bridge"
  --max-line-bytes  refuses a text that is longer in UTF-8; as long as it likes unless told

Prints {"url":…} on one line when it is ready.`;

/** Any character fits into it. */
const smallestLineBytes = 4;

/** What the network is to be started with. @throws when the flags make no sense. */
export function optionsFrom(args: readonly string[]): LoopbackOptions {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      certainty: string,
      port: string,
      dir: string,
      'bot-token': string,
      'max-line-bytes': string,
    },
  });
  const { dir, 'bot-token': botToken, 'max-line-bytes': line } = values;
  const certainty = certainties.find((one) => one === (values.certainty ?? 'drops-repeats'));
  if (!certainty) throw new Error(`--certainty: there is no ${values.certainty}`);
  const port = Number(values.port ?? 0);
  if (values.port === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port: ${values.port} is no port`);
  const maxLineBytes = Number(line ?? smallestLineBytes);
  if (!Number.isSafeInteger(maxLineBytes) || maxLineBytes < smallestLineBytes)
    throw new Error(`--max-line-bytes: expected a whole number from ${smallestLineBytes} on`);
  return {
    certainty,
    port,
    ...(dir !== undefined && { dir }),
    ...(botToken !== undefined && { botToken }),
    ...(line !== undefined && { maxLineBytes }),
  };
}
