import type { RemoteMessageId } from '#adapter';

const REMEMBERED = 200;

/** What a voice has said since it opened, so that it can say what changed. */
export class OwnWords {
  private readonly texts = new Map<RemoteMessageId, string>();

  said(ids: readonly RemoteMessageId[], text: string): void {
    for (const id of ids) {
      this.texts.set(id, text);
      const [oldest] = this.texts.keys();
      if (this.texts.size > REMEMBERED && oldest !== undefined) this.texts.delete(oldest);
    }
  }

  of(id: RemoteMessageId): string | undefined {
    return this.texts.get(id);
  }
}
