import type { Entry } from '../room/event.ts';
import type { World } from '../world/world.ts';
import type { AppserviceClient } from './client.ts';
import type { Appservice } from './registration.ts';

/** Asks for the users of its namespace that an event mentions and nobody registered. */
export async function askForUnknown(
  { appservice, client }: { readonly appservice: Appservice; readonly client: AppserviceClient },
  { event }: Entry,
  { accounts }: World,
): Promise<void> {
  const named = event.type === 'm.room.member' ? [event.sender, event.state_key] : [event.sender];
  for (const userId of new Set(named)) {
    if (userId === undefined || userId === appservice.sender) continue;
    if (appservice.ownsUser(userId) && !accounts.has(userId))
      await client.knows(`/users/${encodeURIComponent(userId)}`);
  }
}
