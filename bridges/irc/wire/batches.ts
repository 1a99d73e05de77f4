import type { Line } from './line.ts';
import { joinedText, MULTILINE } from './multiline.ts';

/** What was said in a channel before we came, as the server tells it on a join. */
export interface Replay {
  readonly channel: string;
  readonly lines: readonly Line[];
}

interface Open {
  readonly opening: Line;
  readonly type: string;
  readonly params: readonly string[];
  readonly parent?: string;
  readonly label?: string;
  readonly content: readonly (Line | Replay)[];
}

/** Batches that were opened and not yet closed, by their reference. */
export type OpenBatches = ReadonlyMap<string, Open>;

/** A server that never closes a batch must not fill the memory. */
const MAX_LINES = 5_000;
const MAX_OPEN = 100;

/**
 * Takes a line in. What belongs to a batch is held until the batch is closed; a replay then comes
 * out as one, a message of several lines as one line with its ends in it, of any other batch its lines
 * one by one, with the label of the whole.
 *
 * @see https://ircv3.net/specs/extensions/batch
 */
export function gather(
  open: OpenBatches,
  line: Line,
): { open: OpenBatches; out: readonly (Line | Replay)[] } {
  const [ref = ''] = line.params;
  if (line.command === 'BATCH' && ref.startsWith('+')) return begin(open, ref.slice(1), line);
  if (line.command === 'BATCH' && ref.startsWith('-')) return end(open, ref.slice(1));
  return put(open, line.tags.get('batch'), [line]);
}

function begin(open: OpenBatches, ref: string, opening: Line) {
  const { params, tags } = opening;
  if (open.size >= MAX_OPEN) return { open, out: [] };
  const parent = tags.get('batch');
  const label = tags.get('label') ?? (parent && open.get(parent)?.label);
  const batch: Open = {
    opening,
    type: params[1] ?? '',
    params: params.slice(2),
    content: [],
    ...(parent && { parent }),
    ...(label && { label }),
  };
  return { open: new Map(open).set(ref, batch), out: [] };
}

function end(open: OpenBatches, ref: string) {
  const batch = open.get(ref);
  if (!batch) return { open, out: [] };
  const rest = new Map(open);
  rest.delete(ref);
  return put(rest, batch.parent, released(batch));
}

function released({
  opening,
  type,
  params,
  label,
  content: all,
}: Open): readonly (Line | Replay)[] {
  const content = type === MULTILINE ? asOne(opening, all) : all;
  if (type === 'chathistory') {
    const lines = content.flatMap((item) => ('lines' in item ? item.lines : [item]));
    return [{ channel: params[0] ?? '', lines }];
  }
  if (label === undefined) return content;
  return content.map((item) =>
    'lines' in item || item.tags.has('label')
      ? item
      : { ...item, tags: new Map(item.tags).set('label', label) },
  );
}

function asOne(opening: Line, content: Open['content']): readonly Line[] {
  const lines = content.filter((item): item is Line => 'command' in item);
  const [first] = lines;
  if (!first) return [];
  const tags = new Map(opening.tags);
  tags.delete('batch');
  return [{ ...first, tags, params: [first.params[0] ?? '', joinedText(lines)] }];
}

function put(open: OpenBatches, ref: string | undefined, items: readonly (Line | Replay)[]) {
  const batch = ref === undefined ? undefined : open.get(ref);
  if (ref === undefined || !batch) return { open, out: items };
  const content = [...batch.content, ...items];
  const changed = new Map(open);
  if (content.length <= MAX_LINES)
    return { open: changed.set(ref, { ...batch, content }), out: [] };
  changed.delete(ref);
  return { open: changed, out: content };
}
