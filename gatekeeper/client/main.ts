import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { AliceClient } from './client.ts';
import type { Told } from './hearing.ts';

const usage = `A small chat for users of AliceChat.

  node dist/gatekeeper/client/main.js --origin https://… --ca cert.pem --name ann --file ann.db --to ben@alicechat.example

  --password  or in GIA_PASSWORD      --device  default: desk
  --suite     mls10/1 (default) or e2b/1
  --account-key  file of the account key of another device of the same user
`;

const text = { type: 'string' } as const;
const options = {
  ...{ origin: text, ca: text, name: text, password: text, device: text },
  ...{ file: text, to: text, suite: text, 'account-key': text },
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const { origin, ca, name, file, to, device = 'desk' } = values;
  const password = values.password ?? process.env['GIA_PASSWORD'];
  if (!origin || !name || !file || !password) return void process.stderr.write(usage);
  const key = values['account-key'];
  const client = await AliceClient.open({
    ...{ origin, name, file, password, device },
    ...(ca && { ca: readFileSync(ca, 'utf8') }),
    ...(key && { accountKey: readFileSync(key, 'utf8') }),
  });
  const suite = values.suite === 'e2b/1' ? 'e2b/1' : 'mls10/1';
  const chat = to && (await client.talkTo(to, suite));
  const shown = show(client);
  const input = createInterface({ input: process.stdin });
  for await (const line of input) {
    const items = [{ kind: 'text', format: 'plain', text: line }] as const;
    if (chat && line) await client.say(chat, { kind: 'message', items });
  }
  await client.settled();
  await client.close();
  await shown;
}

async function show(client: AliceClient): Promise<void> {
  for await (const { told } of client.heard()) process.stdout.write(`${lineOf(told)}\n`);
}

/** What others write may not move the cursor or change the colours of a terminal. */
const visible = (text: string) => text.replace(/\p{Cc}/gu, ' ');

function lineOf({ from, what }: Told): string {
  if ('hole' in what) return `(something is missing here: ${what.hole})`;
  const { said } = what;
  const texts =
    said.kind === 'message' || said.kind === 'edit'
      ? said.items.map((item) => (item.kind === 'text' ? item.text : `(${item.kind})`))
      : [`(${said.kind})`];
  return visible(`${from}: ${texts.join(' ')}`);
}

await main();
