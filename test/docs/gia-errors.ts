import { problems } from '../../gia/schemas/index.ts';

const head = `# Errors

Printed from the registry of the code. Every refusal is \`application/problem+json\` with one of these as \`code\`, and \`type\` is \`urn:gia:problem:\` and the code.
*Again*: the same call, with a new token, may succeed later or after a look; no other will. A code that you do not know is to be treated by its status.

| code | status | again | what it means |
|---|---|---|---|
`;

/** \`docs/gia/errors.md\` */
export const printGiaErrors = (): string =>
  head +
  Object.entries(problems)
    .map(
      ([code, { status, retryable, means }]) =>
        `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${means} |\n`,
    )
    .join('');
