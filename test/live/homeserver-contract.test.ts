import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeserverContract } from '../homeserver-contract/index.ts';
import { requirePart } from './servers/require-part.ts';
import { startSynapse } from './support/synapse.ts';
import { temporaryDir } from './support/temporary-dir.ts';

const synapse = await requirePart('synapse');

synapse.describe('Synapse', () => {
  homeserverContract(async (registrations) => {
    const dir = await temporaryDir('contract');
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
      restart: () => server.process.restart(),
      close: () => server.process.kill(),
    };
  });
});
