import type { DeadLetter } from '../ports/journal.ts';
import { roughly } from '../util/table.ts';
import { type Command, configFlag, jsonFlag } from './command.ts';
import { limitFlag, printList, where } from './list.ts';
import { withRepairs } from './storage.ts';

/** What was not delivered, or nobody knows of whether it was. */
export const deadLettersCommand: Command = {
  name: 'dead-letters',
  summary: 'List what was not delivered, oldest first',
  flags: [configFlag, jsonFlag, limitFlag],
  run: (context, input) =>
    withRepairs(context, input, (repairs) =>
      printList<DeadLetter>(context, input, {
        read: (limit) => repairs.deadLetters(limit),
        nothing: 'There are no dead letters.',
        header: ['ID', 'ENDED', 'AS', 'NETWORK', 'CHAT', 'ROOM', 'REASON'],
        row: (item) => [
          item.id,
          `${roughly(Date.now() - item.endedAtMs)} ago`,
          item.outcome,
          ...where(item),
          item.reason ?? '',
        ],
      }),
    ),
};
