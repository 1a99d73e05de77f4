import type { PolicyRule } from '../../ports/matrix.ts';
import { field, object, text } from '../../util/fields.ts';
import type { Reader } from './reader.ts';

const prefixes = ['m.policy.rule.', 'm.room.rule.', 'org.matrix.mjolnir.rule.'];

/** Today's types of rules, and those before them, which lists have kept. */
export const policyTypes: ReadonlyMap<string, PolicyRule['about']> = new Map(
  (['user', 'server'] as const).flatMap((about) =>
    prefixes.map((prefix) => [`${prefix}${about}`, about] as const),
  ),
);

/** What it says is read with all the others: only as a whole do they tell who is meant. */
export const policy: Reader = ({ common }) => ({ kind: 'policy', ...common });

/** The rule that a state event makes. `undefined`: none, or one that was taken back or bans nobody. */
export function policyRule(event: unknown): PolicyRule | undefined {
  const about = policyTypes.get(text(event, 'type') ?? '');
  const content = object(event, 'content');
  const mask = text(content, 'entity');
  const recommended = field(content, 'recommendation');
  const bans = recommended === 'm.ban' || recommended === 'org.matrix.mjolnir.ban';
  return about && mask && bans ? { about, mask } : undefined;
}
