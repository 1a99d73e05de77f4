import { readFile } from 'node:fs/promises';
import type { BridgeConfig } from '../config/index.ts';
import {
  type Registration,
  readRegistration,
  registrationProblems,
} from '../matrix/registration.ts';
import { UsageError } from './command.ts';

/**
 * The registration that the config names, with the tokens of the environment where there are any.
 *
 * @throws {UsageError} when the bridge could not work with it: with every reason, and what to do.
 */
export async function usableRegistration(config: BridgeConfig): Promise<Registration> {
  const { registrationFile, prefix, url } = config.bridge;
  const { asToken, hsToken } = config.secrets;
  const read = parse(await text(config), registrationFile);
  const registration = {
    ...read,
    ...(asToken === undefined ? {} : { asToken }),
    ...(hsToken === undefined ? {} : { hsToken }),
  };
  const { serverName } = config.homeserver;
  const problems = registrationProblems(registration, { prefix, serverName, url });
  if (problems.length === 0) return registration;
  throw new UsageError(problems.map((problem) => `${registrationFile}: ${problem}`).join('\n'));
}

async function text({ path, bridge: { registrationFile } }: BridgeConfig): Promise<string> {
  try {
    return await readFile(registrationFile, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new UsageError(`${registrationFile} cannot be read: ${message}`);
    throw new UsageError(
      `there is no registration ${registrationFile}; this prints one: ` +
        `drawbridge registration --config ${path} > ${registrationFile}`,
    );
  }
}

function parse(yaml: string, path: string): Registration {
  try {
    return readRegistration(yaml, path);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
