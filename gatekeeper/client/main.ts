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
const flag = { type: 'boolean' } as const;
const options = {
  ...{ origin: text, ca: text, name: text, password: text, device: text },
  ...{ file: text, to: text, suite: text, 'account-key': text, help: flag },
};

const suites = ['mls10/1', 'e2b/1'] as const;

/** What was typed cannot be meant: it is said what was wrong, and how it is meant. */
class Mistyped extends Error {}

function readOptions() {
  const { values } = parsed();
  const { origin, ca, name, file, to, device = 'desk', suite = 'mls10/1', help } = values;
  if (help) return undefined;
  const password = values.password ?? process.env['GIA_PASSWORD'];
  if (!origin || !name || !file || !password)
    throw new Mistyped('--origin, --name, --file and a password are needed');
  const chosen = suites.find((one) => one === suite);
  if (!chosen) throw new Mistyped(`--suite ${suite}: there are ${suites.join(' and ')}`);
  const key = values['account-key'];
  const opening = {
    ...{ origin, name, file, password, device },
    ...(ca && { ca: readFileSync(ca, 'utf8') }),
    ...(key && { accountKey: readFileSync(key, 'utf8') }),
  };
  return { opening, to, suite: chosen };
}

function parsed() {
  try {
    return parseArgs({ options });
  } catch (error) {
    throw new Mistyped((error as Error).message);
  }
}

/** Says what is typed to whom it was started for, or else to whoever has spoken last. */
async function chat({ opening, to, suite }: NonNullable<ReturnType<typeof readOptions>>) {
  const client = await AliceClient.open(opening);
  let conversation = to && (await client.talkTo(to, suite));
  const shown = (async () => {
    for await (const { told } of client.heard()) {
      if (!to) conversation = told.conversation;
      process.stdout.write(`${lineOf(told)}\n`);
    }
  })();
  for await (const line of createInterface({ input: process.stdin })) {
    const items = [{ kind: 'text', format: 'plain', text: line }] as const;
    if (line && conversation) await client.say(conversation, { kind: 'message', items });
    else if (line) process.stdout.write('(nobody has spoken yet: start it with --to)\n');
  }
  await client.settled();
  await client.close();
  await shown;
}

async function main(): Promise<number> {
  try {
    const asked = readOptions();
    if (asked) await chat(asked);
    else process.stdout.write(usage);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    if (error instanceof Mistyped) process.stderr.write(`\n${usage}`);
    return error instanceof Mistyped ? 2 : 1;
  }
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

process.exitCode = await main();
