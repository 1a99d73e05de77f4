import { optionsFrom, usage } from './flags.ts';
import { startLoopbackNetwork } from './index.ts';

async function main(): Promise<void> {
  const network = await startLoopbackNetwork(optionsFrom(process.argv.slice(2)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void network.close());
  console.log(JSON.stringify({ url: network.url }));
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 1;
});
