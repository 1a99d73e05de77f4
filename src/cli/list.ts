import type { QueueItem } from '../ports/journal.ts';
import { table } from '../util/table.ts';
import { type Context, type ExitCode, type Flag, type Input, UsageError } from './command.ts';

export const limitFlag: Flag = {
  flags: '--limit <count>',
  description: 'how many at most',
  fallback: '100',
};

interface List<Item> {
  read(limit: number): Promise<readonly Item[]>;
  readonly nothing: string;
  readonly header: readonly string[];
  row(item: Item): readonly string[];
}

/** Prints a list as a table, or as JSON for programs. */
export async function printList<Item>(
  { io }: Context,
  { options }: Input,
  { read, nothing, header, row }: List<Item>,
): Promise<ExitCode> {
  const limit = Number(options['limit']);
  if (!Number.isInteger(limit) || limit < 1)
    throw new UsageError(`--limit takes a whole number of at least 1, not ${options['limit']}`);
  const items = await read(limit);
  if (options['json'] === true) io.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) io.out(nothing);
  else for (const line of table(header, items.map(row))) io.out(line);
  return 0;
}

export const where = (item: Pick<QueueItem, 'network' | 'chat' | 'roomId'>) => [
  item.network ?? '',
  item.chat ?? '',
  item.roomId ?? '',
];
