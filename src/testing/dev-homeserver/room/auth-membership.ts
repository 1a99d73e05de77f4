import { forbidden } from '../fault.ts';
import type { Draft, Membership, StateView } from './event.ts';
import { membershipOf } from './event.ts';
import { creatorsOf, powerFor, powerOf } from './power.ts';

interface Step {
  readonly sender: string;
  readonly target: string;
  /** Of the target, now. */
  readonly was: Membership | undefined;
  readonly senderIs: Membership | undefined;
}

const CHECKS: Readonly<Record<Membership, (view: StateView, step: Step) => void>> = {
  join: checkJoin,
  invite: checkInvite,
  leave: checkLeave,
  ban: checkBan,
  knock: checkKnock,
};

/** Whether a membership may become what the draft says. */
export function checkMembership(view: StateView, draft: Draft): void {
  const target = draft.stateKey ?? '';
  const step: Step = {
    sender: draft.sender,
    target,
    was: membershipOf(view.state('m.room.member', target)),
    senderIs: membershipOf(view.state('m.room.member', draft.sender)),
  };
  CHECKS[draft.content['membership'] as Membership](view, step);
}

export function joinRule(view: StateView): string {
  return String(view.state('m.room.join_rules')?.content['join_rule'] ?? 'invite');
}

function checkJoin(view: StateView, { sender, target, was }: Step): void {
  if (sender !== target) throw forbidden('Cannot force another user to join.');
  if (was === 'ban') throw forbidden('You are banned from this room');
  // The creator's own first step, before there are join rules.
  if (view.state('m.room.member', sender) === undefined && isFirstJoin(view, sender)) return;
  if (joinRule(view) === 'public' || was === 'invite' || was === 'join') return;
  throw forbidden('You are not invited to this room.');
}

const isFirstJoin = (view: StateView, userId: string) =>
  view.state('m.room.join_rules') === undefined &&
  creatorsOf(view.state('m.room.create'))[0] === userId;

function checkInvite(view: StateView, { sender, target, was, senderIs }: Step): void {
  if (senderIs !== 'join') throw forbidden(`${sender} not in room.`);
  if (was === 'ban') throw forbidden(`${target} is banned from the room`);
  if (was === 'join') throw forbidden(`${target} is already in the room.`);
  if (powerOf(view, sender) < powerFor(view, 'invite'))
    throw forbidden("You don't have permission to invite users");
}

function checkLeave(view: StateView, { sender, target, was, senderIs }: Step): void {
  if (sender === target) {
    if (was === 'join' || was === 'invite' || was === 'knock') return;
    throw forbidden(`${sender} not in room.`);
  }
  if (senderIs !== 'join') throw forbidden(`${sender} not in room.`);
  if (was === 'ban' && powerOf(view, sender) < powerFor(view, 'ban'))
    throw forbidden(`You cannot unban user ${target}.`);
  if (!outranks(view, { sender, target }, powerFor(view, 'kick')))
    throw forbidden(`You cannot kick user ${target}.`);
}

function checkBan(view: StateView, { sender, target, senderIs }: Step): void {
  if (senderIs !== 'join') throw forbidden(`${sender} not in room.`);
  if (!outranks(view, { sender, target }, powerFor(view, 'ban')))
    throw forbidden("You don't have permission to ban");
}

function checkKnock(view: StateView, { sender, target, was }: Step): void {
  if (joinRule(view) !== 'knock')
    throw forbidden("You don't have permission to knock on this room");
  if (sender !== target) throw forbidden('You cannot knock for other users');
  if (was === 'join' || was === 'invite' || was === 'ban')
    throw forbidden('You cannot knock on this room');
}

function outranks(view: StateView, of: Pick<Step, 'sender' | 'target'>, needs: number): boolean {
  const power = powerOf(view, of.sender);
  return power >= needs && power > powerOf(view, of.target);
}
