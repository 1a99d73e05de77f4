import { z } from 'zod';
import { Refused, type Side, type SideName } from '../sides/board.ts';

/** What the page may ask for. */
export interface Stage {
  readonly sides: Readonly<Record<SideName, Side>>;
  killBridge(): Promise<void>;
  /** Not waited for: the page sees how it goes. */
  startBridge(): void;
  demonstrate(): void;
}

const side = z.enum(['matrix', 'remote']);
const by = { side, as: z.string() };
const text = z.string().trim().min(1, 'Say something').max(8000, 'That is too long');

const action = <S extends z.ZodType>(
  shape: S,
  run: (stage: Stage, body: z.output<S>) => Promise<unknown> | undefined,
) => ({
  run: async (stage: Stage, body: unknown): Promise<void> => {
    const parsed = shape.safeParse(body);
    if (!parsed.success) throw new Refused(z.prettifyError(parsed.error));
    await run(stage, parsed.data);
  },
});

/** By what the page calls them: `POST /api/say`. */
export const actions: Readonly<Record<string, ReturnType<typeof action>>> = {
  say: action(z.strictObject({ ...by, text, replyTo: z.string().optional() }), ({ sides }, body) =>
    sides[body.side].say(body.as, body.text, body.replyTo),
  ),
  edit: action(z.strictObject({ ...by, line: z.string(), text }), ({ sides }, body) =>
    sides[body.side].edit(body.as, body.line, body.text),
  ),
  remove: action(z.strictObject({ ...by, line: z.string() }), ({ sides }, body) =>
    sides[body.side].remove(body.as, body.line),
  ),
  react: action(
    z.strictObject({ ...by, line: z.string(), emoji: z.string().min(1).max(32) }),
    ({ sides }, body) => sides[body.side].react(body.as, body.line, body.emoji),
  ),
  typing: action(z.strictObject(by), ({ sides }, body) => sides[body.side].typing(body.as)),
  bridge: action(z.strictObject({ do: z.enum(['kill', 'start']) }), (stage, body) => {
    if (body.do === 'kill') return stage.killBridge();
    stage.startBridge();
    return undefined;
  }),
  demonstration: action(z.strictObject({}), (stage) => {
    stage.demonstrate();
    return undefined;
  }),
};
