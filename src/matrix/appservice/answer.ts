import type { Context } from 'koa';

/** Answers with a Matrix error. `error` is for people and never repeats what was sent. */
export function refuse(ctx: Context, status: number, errcode: string, error: string): void {
  ctx.status = status;
  ctx.body = { errcode, error };
}
