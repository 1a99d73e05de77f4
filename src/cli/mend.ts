import type { Repairs } from '../ports/journal.ts';
import { type Command, configFlag } from './command.ts';
import { withRepairs } from './storage.ts';

interface Mending {
  readonly name: string;
  readonly summary: string;
  readonly done: string;
  readonly none: string;
  act(repairs: Repairs, id: string): Promise<boolean>;
}

/** A command that does something about one dead letter. */
const mend = ({ name, summary, done, none, act }: Mending): Command => ({
  name,
  summary,
  needs: ['id'],
  flags: [configFlag],
  run: (context, input) =>
    withRepairs(context, input, async (repairs) => {
      const id = input.args[0] ?? '';
      const found = await act(repairs, id);
      if (found) context.io.out(`${id}: ${done}`);
      else context.io.err(`${id}: ${none}; \`drawbridge dead-letters\` lists them`);
      return found ? 0 : 1;
    }),
});

export const retryCommand = mend({
  name: 'retry',
  summary: 'Put a dead letter back into its place',
  done: 'is back in its place; a bridge that runs takes it up at once, another when it starts',
  none: 'there is no such dead letter that can be tried again',
  act: (repairs, id) => repairs.retry(id),
});

export const discardCommand = mend({
  name: 'discard',
  summary: 'Forget a dead letter for good',
  done: 'is forgotten',
  none: 'there is no such dead letter',
  act: (repairs, id) => repairs.discard(id),
});
