import { type Command, configFlag } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';

/** Has the bridge that runs read its config again, as SIGHUP does, and says what came of it. */
export const reloadCommand: Command = {
  name: 'reload',
  summary: 'Have the bridge that runs read its config again',
  flags: [configFlag],
  async run(context, input) {
    const config = await settings(context, input);
    const { applied, needRestart } = await askRunning<{
      readonly applied: readonly string[];
      readonly needRestart: readonly string[];
    }>(config, 'reload');
    const { out } = context.io;
    if (applied.length + needRestart.length === 0) out('Nothing is otherwise than before.');
    if (applied.length > 0) out(`In force: ${applied.join(', ')}`);
    if (needRestart.length > 0) out(`After the next start: ${needRestart.join(', ')}`);
    return 0;
  },
};
