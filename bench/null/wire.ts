/** A message that a bridge brings. `id`: the same in every attempt. */
export interface FromBridge {
  readonly id: string;
  readonly chat: string;
  readonly from: string;
  readonly text: string;
}

/** What the network says: somebody said something, or a message has arrived. */
export type ToBridge =
  | {
      readonly op: 'said';
      readonly seq: number;
      readonly chat: string;
      readonly user: string;
      readonly text: string;
    }
  | { readonly op: 'got'; readonly id: string; readonly as: string };

/** Reads a stream of lines of JSON: gives what came in one piece together. */
export function lines<T>(heard: (messages: readonly T[]) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const all = (rest + text).split('\n');
    rest = all.pop() ?? '';
    const messages = all.map((line) => JSON.parse(line) as T);
    if (messages.length > 0) heard(messages);
  };
}
