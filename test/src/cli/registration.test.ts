import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readRegistration, registrationProblems } from '../../../src/matrix/registration.ts';
import { folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

const folderReady = () => folderWith({ 'config.yaml': smallest });
const expected = {
  prefix: 'drawbridge_',
  serverName: 'example.org',
  url: 'http://127.0.0.1:9993',
};

describe('drawbridge registration', () => {
  it('prints one that the bridge can work with', async () => {
    const { code, out } = await run(await folderReady(), ['registration']);

    const registration = readRegistration(out, 'it');
    expect(code).toBe(0);
    expect(registrationProblems(registration, expected)).toEqual([]);
    expect(registration).toMatchObject({ id: 'drawbridge', protocols: ['chat'] });
  });

  it('has other tokens each time', async () => {
    const folder = await folderReady();
    const token = async () =>
      readRegistration((await run(folder, ['registration'])).out, 'it').asToken;

    expect(await token()).not.toBe(await token());
  });

  it('prints the tokens that the environment sets, as the bridge will use these', async () => {
    const env = { DRAWBRIDGE_AS_TOKEN: 'mine' };

    const { out } = await run(await folderReady(), ['registration'], { env });

    expect(readRegistration(out, 'it').asToken).toBe('mine');
  });

  it('prints placeholders only when asked, which no bridge accepts', async () => {
    const folder = await folderReady();

    const { out } = await run(folder, ['registration', '--placeholder']);

    expect(registrationProblems(readRegistration(out, 'it'), expected)).toEqual([
      expect.stringContaining('placeholders'),
    ]);
  });

  it('writes no file', async () => {
    const folder = await folderReady();

    await run(folder, ['registration']);

    expect(await readdir(folder)).toEqual(['config.yaml']);
  });
});
