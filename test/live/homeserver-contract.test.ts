import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeserverContract } from '../homeserver-contract/index.ts';
import { type Answer, type Client, path } from '../src/testing/dev-homeserver/support/api.ts';
import { requirePart } from './servers/require-part.ts';
import { memoryFolder } from './support/memory-folder.ts';
import { startSynapse } from './support/synapse.ts';
import { temporaryDir } from './support/temporary-dir.ts';

/** A limit that its configuration leaves as it is: somebody complains too often. */
async function askTooMuch(who: Client): Promise<Answer> {
  const complain = () => who.post(path`/users/${who.userId}/report`, { reason: 'rude' });
  const answers = await Promise.all(Array.from({ length: 12 }, complain));
  return answers.find(({ status }) => status !== 200) ?? complain();
}

const synapse = await requirePart('synapse');

synapse.describe('Synapse', () => {
  homeserverContract(async (registrations) => {
    const dir = await temporaryDir('contract', memoryFolder());
    const files = await Promise.all(
      registrations.map(async (text, index) => {
        const file = join(dir, `registration-${index}.yaml`);
        await writeFile(file, text);
        return file;
      }),
    );
    const server = await startSynapse({ root: synapse.root, dir, registrations: files });
    return {
      url: server.url,
      firstPauseMs: 2_000,
      askTooMuch,
      restart: () => server.process.restart(),
      close: () => server.process.kill(),
    };
  });
});
