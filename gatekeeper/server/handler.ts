import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Callers, Operation, OperationName, operations } from '#gia/schemas';
import type { ProviderRow } from '../store/providers.ts';
import type { UserRow } from '../store/users.ts';

export interface ProviderCaller {
  readonly kind: 'provider';
  readonly provider: ProviderRow;
}

/** A user: by a provider that acts for them, or by themselves on one device. */
export interface UserCaller {
  readonly kind: 'user';
  readonly user: UserRow;
  readonly provider?: ProviderRow;
  readonly device?: string;
}

export interface LocalCaller extends UserCaller {
  readonly device: string;
}

export type Caller = ProviderCaller | UserCaller | undefined;

interface CallerOf {
  readonly anyone: undefined;
  readonly provider: ProviderCaller;
  readonly user: UserCaller;
  readonly caller: ProviderCaller | LocalCaller;
  readonly local: LocalCaller;
}

type Table = typeof operations;
type Outputs<T> =
  T extends Readonly<Record<string, z.ZodType>>
    ? { readonly [K in keyof T]: z.output<T[K]> }
    : Record<never, never>;
type Of<T, K extends string> = T extends { readonly [key in K]: infer V } ? V : undefined;
type BodyOf<T> = T extends z.ZodType
  ? z.output<T>
  : T extends 'bytes'
    ? IncomingMessage
    : undefined;

/** One call, as far as it was checked before its handler sees it: who calls, and that all is as the schemas say. */
export interface Call<N extends OperationName = OperationName> {
  readonly caller: CallerOf[Table[N]['callers'] & Callers];
  readonly params: Outputs<Of<Table[N], 'params'>>;
  readonly query: Of<Table[N], 'query'> extends z.ZodType
    ? z.output<Extract<Of<Table[N], 'query'>, z.ZodType>>
    : Record<never, never>;
  readonly headers: Outputs<Of<Table[N], 'headers'>>;
  readonly body: BodyOf<Of<Table[N], 'body'>>;
  /** SHA-256 of the body as it came. */
  readonly bodyHash: Buffer;
  readonly range: string | undefined;
}

type AnswerBody<A> = A extends z.ZodType
  ? { readonly body: z.output<A> }
  : A extends 'nothing'
    ? { readonly body?: undefined }
    : { readonly body: Readable; readonly headers: Readonly<Record<string, string>> };

type Answers<N extends OperationName> = Table[N]['answers'] & Operation['answers'];

export type Reply<N extends OperationName = OperationName> = {
  [S in keyof Answers<N> & number]: { readonly status: S } & AnswerBody<Answers<N>[S]>;
}[keyof Answers<N> & number];

export type Handler<N extends OperationName> = (call: Call<N>) => Reply<N> | Promise<Reply<N>>;
export type Handlers<N extends OperationName = OperationName> = {
  readonly [K in N]: Handler<K>;
};
