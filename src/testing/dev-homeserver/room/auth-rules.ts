import { Fault, forbidden, refused } from '../fault.ts';
import { checkMembership } from './auth-membership.ts';
import type { Draft, StateView } from './event.ts';
import { membershipOf } from './event.ts';
import { checkPowerLevels, powerFor, powerOf, powerToSend } from './power.ts';

/**
 * Whether the room lets this event in, by the state that it has now. Pure.
 *
 * @throws {Fault} with what Synapse answers.
 * @see https://spec.matrix.org/v1.16/rooms/v12/#authorization-rules
 */
export function checkAllowed(view: StateView, draft: Draft): void {
  if (draft.type === 'm.room.create') {
    if (view.state('m.room.create') !== undefined) throw forbidden('The room was created already');
    return;
  }
  if (view.state('m.room.create') === undefined) throw forbidden('No create event in auth events');
  if (draft.type === 'm.room.member') {
    checkMembership(view, draft);
    return;
  }
  checkSender(view, draft);
  if (draft.type === 'm.room.power_levels') checkPowerLevels(view, draft);
}

function checkSender(view: StateView, draft: Draft): void {
  const member = view.state('m.room.member', draft.sender);
  if (membershipOf(member) !== 'join') throw forbidden(`User ${draft.sender} not in room`);
  const has = powerOf(view, draft.sender);
  const needs = powerToSend(view, draft);
  if (has < needs)
    throw forbidden(
      `You don't have permission to post that to the room. user_level (${has}) < send_level (${needs})`,
    );
  if (draft.stateKey?.startsWith('@') && draft.stateKey !== draft.sender)
    throw forbidden('You are not allowed to set others state');
}

export const mayRedactOthers = (view: StateView, userId: string): boolean =>
  powerOf(view, userId) >= powerFor(view, 'redact');

/** Whether a user may do what a power level of its own is asked for, such as pinging an alias. */
export function checkPower(view: StateView, userId: string, needs: number): void {
  if (powerOf(view, userId) < needs)
    throw new Fault(
      403,
      'M_FORBIDDEN',
      `You don't have permission. Power level ${needs} is needed`,
    );
}

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'm.room.message': ['body', 'msgtype'],
  'm.room.topic': ['topic'],
  'm.room.name': ['name'],
};
const MEMBERSHIPS = ['join', 'invite', 'leave', 'ban', 'knock'];

/** The few shapes that Synapse insists on whoever sends the event. */
export function checkContent({ type, content, stateKey }: Draft): void {
  for (const field of TEXTS[type] ?? []) {
    if (content[field] === undefined) throw refused(`'${field}' not in content`);
    if (typeof content[field] !== 'string') throw refused(`'${field}' not a string type`);
  }
  if (type !== 'm.room.member') return;
  if (stateKey === undefined) throw refused('A membership event needs a state key');
  if (content['membership'] === undefined) throw refused('Content has not membership key');
  if (!MEMBERSHIPS.includes(String(content['membership']))) throw refused('Invalid membership key');
}
