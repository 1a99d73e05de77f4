import type { z } from 'zod';
import type { Operation, OperationName, operations } from '../schemas/index.ts';

type Of<N extends OperationName> = (typeof operations)[N];
type Input<T> = T extends z.ZodType ? z.input<T> : Uint8Array;
type Output<T> = T extends z.ZodType ? z.output<T> : undefined;
type Values<T> = { readonly [K in keyof T]: T[K] extends z.ZodType ? z.input<T[K]> : never };

/** What a call says, by the operation's own schemas. */
export type Call<N extends OperationName> = (Of<N> extends { params: infer P }
  ? { readonly params: Values<P> }
  : unknown) &
  (Of<N> extends { body: infer B } ? { readonly body: Input<B> } : unknown) &
  (Of<N> extends { query: infer Q } ? { readonly query?: Input<Q> } : unknown) & {
    readonly headers?: Readonly<Record<string, string>>;
    /** On whose behalf, of a provider. */
    readonly user?: string;
    /** The same in every attempt. */
    readonly key?: string;
    readonly signal?: AbortSignal;
  };

export type AnswerOf<N extends OperationName> = Output<Of<N>['answers'][keyof Of<N>['answers']]>;

interface AnyCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

export function pathOf({ path }: Operation, { params = {}, query = {} }: AnyCall): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(params[name])));
  const said = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    Object.fromEntries(said.map(([name, value]) => [name, String(value)])),
  );
  return said.length > 0 ? `${filled}?${search}` : filled;
}
