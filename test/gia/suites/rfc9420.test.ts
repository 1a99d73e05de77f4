import { readFileSync } from 'node:fs';
import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { BadWire, type Group, suites } from '#gia';
import { thaw } from '../../../gia/suites/mls/stored.ts';

interface Scenario {
  readonly external_psks: readonly unknown[];
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}

const suite = suites['mls10/1'];
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const authenticator = (group: Group) =>
  Buffer.from(thaw(group).state.keySchedule.epochAuthenticator).toString('hex');

const scenarios = (name: string): readonly Scenario[] =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));

/** Joins and follows as the vector says. @returns how far it came, and what it refused then */
async function follow(scenario: Scenario): Promise<string> {
  const { key_package, init_priv, encryption_priv, signature_priv } = scenario;
  const keys = [key_package, init_priv, encryption_priv, signature_priv].map(bytes);
  const stored = new Uint8Array(encode([1, ...keys]));
  try {
    let { group } = await suite.join(bytes(scenario.welcome), [stored]);
    expect(authenticator(group)).toBe(scenario.initial_epoch_authenticator);
    for (const { proposals, commit, epoch_authenticator } of scenario.epochs) {
      for (const wire of [...proposals, commit])
        group = (await suite.decrypt(group, bytes(wire))).group;
      expect(authenticator(group)).toBe(epoch_authenticator);
    }
    return 'followed';
  } catch (error) {
    if (error instanceof BadWire) return error.code;
    throw error;
  }
}

describe('the passive clients of RFC 9420', () => {
  const welcomes = scenarios('passive-client-welcome');

  it('join with what the welcome has in it', async () => {
    const whole = welcomes.filter((it) => it.external_psks.length === 0 && !it.ratchet_tree);

    expect(await Promise.all(whole.map(follow))).toEqual(['followed', 'followed']);
  });

  it('are not welcome with what this API does not have: keys shared before, a tree by another way', async () => {
    const withKeys = welcomes.filter((it) => it.external_psks.length > 0);
    const withTree = welcomes.filter((it) => it.external_psks.length === 0 && it.ratchet_tree);

    expect(await Promise.all(withKeys.map(follow))).toEqual(Array(4).fill('unwanted'));
    expect(await Promise.all(withTree.map(follow))).toEqual(Array(2).fill('damaged'));
  });

  it('follow a group through epoch after epoch', async () => {
    const [scenario] = scenarios('passive-client-random');

    expect(scenario?.epochs).toHaveLength(15);
    expect(await follow(scenario!)).toBe('followed');
  });
});
