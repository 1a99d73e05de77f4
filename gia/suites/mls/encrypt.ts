import { type ClientState, createApplicationMessage, encodeMlsMessage } from 'ts-mls';
import { BadWire, orRefusal } from '../refusal.ts';
import type { Group, Life, Step, Wire } from '../suite.ts';
import { type Changed, changed, checkIsIn } from './commit.ts';
import { hubEpoch } from './group-id.ts';
import { cipher } from './library.ts';
import { positionData } from './position.ts';
import { freeze, newest, thaw, withNewest } from './stored.ts';

export async function encrypt(group: Group, content: Uint8Array, life: Life): Promise<Step> {
  if (life.length < 16) throw new BadWire('bad_state', 'a life is at least 16 random bytes');
  const { stored, wires } = await renewed({ stored: thaw(group), wires: [] }, life);
  const { state, wire } = await sealed(newest(stored).state, content);
  return { group: freeze(withNewest(stored, state)), wires: [...wires, wire] };
}

/**
 * With secrets that were made in this life, and with nothing left that others proposed: it is committed before anything is said.
 * A commit that only adds devices makes no secrets, so there may be two.
 */
async function renewed(so: Changed, life: Life): Promise<Changed> {
  const { state, life: then } = newest(so.stored);
  const isOpen = Object.keys(state.unappliedProposals).length > 0;
  if (Buffer.compare(then, life) === 0 && !isOpen) return so;
  const { stored, wires } = await changed(so.stored, {}, life);
  return renewed({ stored, wires: [...so.wires, ...wires] }, life);
}

async function sealed(
  state: ClientState,
  content: Uint8Array,
): Promise<{ state: ClientState; wire: Wire }> {
  checkIsIn(state);
  const { leafIndex } = state.privatePath;
  const generation = state.secretTree[leafIndex * 2]?.application.generation ?? 0;
  const said = positionData(leafIndex, generation);
  const { newState, privateMessage } = await orRefusal('bad_state', async () =>
    createApplicationMessage(state, new Uint8Array(content), await cipher(), said),
  );
  const bytes = encodeMlsMessage({
    ...{ version: 'mls10', wireformat: 'mls_private_message' },
    privateMessage,
  });
  const epoch = hubEpoch(state);
  return { state: newState, wire: { type: 'application', epoch, bytes } };
}
