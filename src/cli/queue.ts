import type { QueueItem } from '../ports/journal.ts';
import { roughly } from '../util/table.ts';
import { type Command, configFlag, jsonFlag } from './command.ts';
import { limitFlag, printList, where } from './list.ts';
import { withRepairs } from './storage.ts';

/** What waits to be bridged, without a word of what was said. */
export const queueCommand: Command = {
  name: 'queue',
  summary: 'List what waits to be bridged, oldest first',
  flags: [configFlag, jsonFlag, limitFlag],
  run: (context, input) =>
    withRepairs(context, input, (repairs) =>
      printList<QueueItem>(context, input, {
        read: (limit) => repairs.queue(limit),
        nothing: 'Nothing waits.',
        header: ['ID', 'WAITS', 'NETWORK', 'CHAT', 'ROOM', 'IN DOUBT'],
        row: (item) => [
          item.id,
          roughly(Date.now() - item.receivedAtMs),
          ...where(item),
          item.inDoubt ? 'yes' : '',
        ],
      }),
    ),
};
