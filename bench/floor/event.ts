/** As much of an event as a floor looks at. */
export interface Event {
  readonly event_id: string;
  readonly room_id: string;
  readonly sender: string;
  readonly type: string;
  readonly content: { readonly body: string };
}

export const eventsIn = (body: Buffer): readonly Event[] =>
  (JSON.parse(body.toString()) as { events: readonly Event[] }).events;
